import type { SortKey } from '../state.ts';

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  /** null: nothing to sort by. */
  readonly sort: SortKey | null;
  readonly isFigure: boolean;
}

/** The columns, left to right; their widths are in the style sheet. */
export const COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Name', title: 'Last segment of the key', sort: 'name', isFigure: false },
  { key: 'share', label: 'Of parent', title: 'Share of the bytes of the directory it lies in', sort: null, isFigure: false },
  { key: 'size', label: 'Size', title: 'Bytes of all versions below', sort: 'bytes', isFigure: true },
  { key: 'versions', label: 'Versions', title: 'Versions, without delete markers', sort: 'versions', isFigure: true },
  { key: 'written', label: 'Written', title: 'Age of the newest write', sort: 'newestWriteDay', isFigure: true },
  { key: 'mix', label: 'Class mix', title: 'Bytes by storage class', sort: null, isFigure: false },
  { key: 'cost', label: '$ /mo', title: 'Storage for one month at list price', sort: 'monthlyNanoUsd', isFigure: true },
  { key: 'dark', label: 'Dark', title: 'Share of bytes in noncurrent versions', sort: 'noncurrentBytes', isFigure: true },
];
