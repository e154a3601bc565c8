import type { RowBatch } from '../../core/inventory/row-batch.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** As in src/kernel/batch.ts. */
const BATCH_ROWS = 8192;
const TEXT_BYTES = 1 << 20;
const LONGEST_TEXT = 65_535;

/** A batch that lies in a kernel already. */
export interface KernelBatch extends RowBatch {
  readonly kernel: Kernel;
}

export const isIn = (batch: RowBatch, kernel: Kernel): batch is KernelBatch => 'kernel' in batch && batch.kernel === kernel;

/** Where the columns of the kernel's batch lie; they stay there. */
export interface BatchPlaces {
  readonly keyBytes: number;
  readonly keyStart: number;
  readonly versionIdBytes: number;
  readonly versionIdStart: number;
  readonly flags: number;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  readonly retainUntilMs: number;
  readonly eTag: number;
  readonly eTagParts: number;
  readonly classId: number;
  readonly detailId: number;
  /** Number of each detail id in the index's dictionary. */
  readonly detailNumbers: number;
  /** By row, once it was taken in: its directory in order of arrival, and where its name begins in its key. */
  readonly directory: number;
  readonly nameAt: number;
}

const PLACES = [
  'keyBytes',
  'keyStart',
  'versionIdBytes',
  'versionIdStart',
  'flags',
  'sizeBytes',
  'lastModifiedMs',
  'retainUntilMs',
  'eTag',
  'eTagParts',
  'classId',
  'detailId',
  'detailNumbers',
  'directory',
  'nameAt',
] as const satisfies readonly (keyof BatchPlaces)[];

export function batchPlaces(kernel: Kernel): BatchPlaces {
  const places = kernel.answers(kernel.calls.batchLayout, PLACES.length);
  return Object.fromEntries(PLACES.map((name, i) => [name, places[i]])) as unknown as BatchPlaces;
}

/** The kernel's batch as it lies there, good until the kernel is called again. */
export function kernelBatch(
  kernel: Kernel,
  names: Pick<RowBatch, 'classes' | 'details' | 'detailNames'> & { readonly eTagTexts?: RowBatch['eTagTexts'] },
): KernelBatch {
  const places = batchPlaces(kernel);
  const rows = kernel.calls.batchRows();
  const keyStart = kernel.u32(places.keyStart, rows + 1);
  const versionIdStart = kernel.u32(places.versionIdStart, rows + 1);
  return {
    ...names,
    kernel,
    rows,
    keyBytes: kernel.bytes(places.keyBytes, keyStart[rows] as number),
    keyStart,
    versionIdBytes: kernel.bytes(places.versionIdBytes, versionIdStart[rows] as number),
    versionIdStart,
    flags: kernel.bytes(places.flags, rows),
    sizeBytes: kernel.f64(places.sizeBytes, rows),
    lastModifiedMs: kernel.f64(places.lastModifiedMs, rows),
    retainUntilMs: kernel.f64(places.retainUntilMs, rows),
    eTag: kernel.bytes(places.eTag, rows * 16),
    eTagParts: kernel.u32(places.eTagParts, rows),
    eTagTexts: names.eTagTexts ?? NO_TEXTS,
    classId: kernel.u16(places.classId, rows),
    detailId: kernel.u16(places.detailId, rows),
  };
}
const NO_TEXTS: ReadonlyMap<number, string> = new Map();

/** Copies rows of another source into the kernel's batch, from row `from` on, as many as fit; the row after the last one. */
export function copyIn(kernel: Kernel, places: BatchPlaces, batch: RowBatch, from: number): number {
  let to = from;
  const keyFrom = batch.keyStart[from] as number;
  const idFrom = batch.versionIdStart[from] as number;
  while (
    to < batch.rows &&
    to - from < BATCH_ROWS &&
    (batch.keyStart[to + 1] as number) - keyFrom <= TEXT_BYTES - LONGEST_TEXT &&
    (batch.versionIdStart[to + 1] as number) - idFrom <= TEXT_BYTES - LONGEST_TEXT
  ) {
    to += 1;
  }
  const rows = to - from;
  if (rows === 0) throw new Error('a key or a version id is too long for a batch');
  const keyTo = batch.keyStart[to] as number;
  const idTo = batch.versionIdStart[to] as number;
  kernel.bytes(places.keyBytes, keyTo - keyFrom).set(batch.keyBytes.subarray(keyFrom, keyTo));
  kernel.bytes(places.versionIdBytes, idTo - idFrom).set(batch.versionIdBytes.subarray(idFrom, idTo));
  shifted(kernel.u32(places.keyStart, rows + 1), batch.keyStart, from, keyFrom);
  shifted(kernel.u32(places.versionIdStart, rows + 1), batch.versionIdStart, from, idFrom);
  kernel.bytes(places.flags, rows).set(batch.flags.subarray(from, to));
  kernel.f64(places.sizeBytes, rows).set(batch.sizeBytes.subarray(from, to));
  kernel.f64(places.lastModifiedMs, rows).set(batch.lastModifiedMs.subarray(from, to));
  kernel.f64(places.retainUntilMs, rows).set(batch.retainUntilMs.subarray(from, to));
  kernel.bytes(places.eTag, rows * 16).set(batch.eTag.subarray(from * 16, to * 16));
  kernel.u32(places.eTagParts, rows).set(batch.eTagParts.subarray(from, to));
  kernel.u16(places.classId, rows).set(batch.classId.subarray(from, to));
  kernel.u16(places.detailId, rows).set(batch.detailId.subarray(from, to));
  kernel.calls.setBatchRows(rows);
  return to;
}

function shifted(to: Uint32Array, from: Uint32Array, first: number, base: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (from[first + i] as number) - base;
}
