/** One version or delete marker of a key; the newest of a key comes first. */
export interface StubVersion {
  /** "null" for the null version. */
  readonly versionId: string;
  readonly isDeleteMarker?: boolean;
  readonly sizeBytes?: number;
  readonly lastModifiedMs?: number;
  readonly storageClass?: string;
  readonly eTag?: string;
  readonly tags?: readonly (readonly [string, string])[];
  readonly body?: Buffer;
}

export interface StubUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedMs: number;
  readonly storageClass?: string;
  readonly partBytes: readonly number[];
}

/** What a bucket of the stub holds: keys in UTF-8 byte order, computed or kept. */
export interface StubStore {
  readonly count: number;
  readonly keyAt: (index: number) => Buffer;
  readonly versionsAt: (index: number) => readonly StubVersion[];
  readonly uploads?: readonly StubUpload[];
  /** undefined: never kept any. */
  readonly versioning?: 'Enabled' | 'Suspended';
}

/** A store over a plain list. Keys may come in any order; the versions of a key are newest first. */
export function storeOf(entries: Readonly<Record<string, readonly StubVersion[]>>, more: Partial<StubStore> = {}): StubStore {
  const all = Object.entries(entries)
    .map(([key, versions]) => ({ key: Buffer.from(key, 'utf8'), versions }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  return {
    count: all.length,
    keyAt: (index) => all[index]?.key as Buffer,
    versionsAt: (index) => all[index]?.versions ?? [],
    ...more,
  };
}

const PLAIN: readonly StubVersion[] = [{ versionId: 'null', sizeBytes: 5 }];

/** Many unversioned objects of five bytes; `nameOf` must give ever greater ASCII keys. */
export const computedStore = (count: number, nameOf: (index: number) => string, more: Partial<StubStore> = {}): StubStore => ({
  count,
  keyAt: (index) => Buffer.from(nameOf(index), 'latin1'),
  versionsAt: () => PLAIN,
  ...more,
});

/** The index of the first key not less than this one, or greater than it; by bisection. */
export function seek(store: StubStore, key: Buffer, isBehind: boolean): number {
  let [low, high] = [0, store.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const distance = Buffer.compare(store.keyAt(middle), key);
    if (distance < 0 || (isBehind && distance === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
