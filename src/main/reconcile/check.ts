import { readFile } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { Params } from '../../contract/methods.ts';
import type { Reconciliation } from '../../contract/reconcile.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { extentsOf } from '../../core/cube/extents.ts';
import type { PriceList } from '../../core/price/price-book.ts';
import type { Extent } from '../../core/price/volume.ts';
import { BillTally } from '../../core/reconcile/bill.ts';
import { billedAgainst, type Metered, meteredOf } from '../../core/reconcile/billed.ts';
import { readCloudWatch } from '../../core/reconcile/cloud-watch.ts';
import { measuredAgainst, type UploadBytes } from '../../core/reconcile/measured.ts';
import type { CallContext } from '../engine/handler.ts';
import { type IndexReader, openIndex } from '../index/reader.ts';
import { choosePrices } from '../prices.ts';
import { readBill } from './read-bill.ts';

type Asked = Params<'reconcile.check'>;
const DAY_MS = 86_400_000;

/** Holds the index against what CloudWatch measured and what AWS billed. */
export async function reconcile(params: Asked, { environment, signal }: CallContext): Promise<Result<Reconciliation>> {
  if (params.cloudWatch === undefined && params.bill === undefined)
    return err(
      appError('Usage', 'There is nothing to hold the index against.', {
        next: 'Name what CloudWatch measured, a Cost and Usage Report, or both.',
      }),
    );
  const opened = openIndex(params.index);
  if (!opened.ok) return opened;
  const reader = opened.value;
  const found = reader.snapshot(params.snapshotId);
  if (!found.ok) return found;
  const own = found.value;
  const prices = await choosePrices(environment, params.region, own.region);
  if (!prices.ok) return prices;
  const { list, assumed } = prices.value;
  const measured = await measuredBy(params, reader, own);
  if (!measured.ok) return measured;
  const billed = await billedBy(params, reader, own, list, signal);
  if (!billed.ok) return billed;
  return ok({
    bucket: own.bucket,
    snapshotId: own.snapshotId,
    asOf: own.asOf,
    prices: { region: list.region, asOf: list.asOf, assumed },
    measured: measured.value,
    billed: billed.value?.part ?? null,
    warnings: [
      ...own.warnings,
      ...leftOut(own),
      ...(measured.value === null ? [] : farFrom(measured.value, own)),
      ...(billed.value?.warnings ?? []),
    ],
  });
}

/** What a snapshot does not hold although it is measured and billed. */
function leftOut({ allVersions, prefix, coverage, incompleteUploads }: Snapshot): string[] {
  return [
    ...(allVersions ? [] : ['The snapshot holds current versions only: noncurrent ones are in the gap.']),
    ...(prefix === '' ? [] : [`The snapshot holds keys below "${prefix}" only: everything else is in the gap.`]),
    ...(coverage === 1 ? [] : ['The listing was refused in part: what it could not see is in the gap.']),
    ...(incompleteUploads === null ? ['An inventory tells of no incomplete uploads: their parts are in the gap.'] : []),
  ];
}

function farFrom({ at }: NonNullable<Reconciliation['measured']>, { asOf }: Snapshot): string[] {
  const days = Math.abs(Date.parse(at) - Date.parse(asOf)) / DAY_MS;
  return days <= 1.5 ? [] : [`The nearest data point of CloudWatch is ${Math.round(days)} days from the snapshot.`];
}

function extentsIn(reader: IndexReader, { snapshotId }: Snapshot): Result<Extent[]> {
  const cube = reader.cube(snapshotId);
  return cube.ok ? ok(extentsOf(cube.value)) : cube;
}

/** Parts of incomplete uploads, where the source tells of them. */
function uploadsIn(reader: IndexReader, { snapshotId }: Snapshot): Result<UploadBytes[]> {
  const stored = reader.uploads(snapshotId, '');
  return stored.ok ? ok(stored.value.map(({ storageClass, bytes }) => ({ storageClass, bytes: bytes ?? 0 }))) : stored;
}

async function measuredBy({ cloudWatch: file }: Asked, reader: IndexReader, own: Snapshot): Promise<Result<Reconciliation['measured']>> {
  if (file === undefined) return ok(null);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    return err(appError('FileUnreadable', 'What CloudWatch measured cannot be read.', { file, detail: String(cause) }));
  }
  const points = readCloudWatch(text);
  if (!points.ok) return err({ ...points.error, file });
  const extents = extentsIn(reader, own);
  if (!extents.ok) return extents;
  const uploads = uploadsIn(reader, own);
  return uploads.ok ? ok(measuredAgainst(points.value, extents.value, uploads.value, Date.parse(own.asOf))) : uploads;
}

const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];
/** Parts are billed like data of the class they go to, those on the way to an archive like STANDARD. */
const uploadExtents = (uploads: readonly UploadBytes[]): Extent[] =>
  uploads.map(({ storageClass, bytes }) => ({
    storageClass: ARCHIVES.includes(storageClass) ? 'STANDARD' : storageClass,
    accessTier: '',
    isSmall: false,
    count: 1,
    bytes,
  }));

async function billedBy(
  { bill: files, month }: Asked,
  reader: IndexReader,
  own: Snapshot,
  list: PriceList,
  signal: AbortSignal,
): Promise<Result<{ readonly part: NonNullable<Reconciliation['billed']>; readonly warnings: string[] } | null>> {
  if (files === undefined) return ok(null);
  const name = month ?? own.asOf.slice(0, 7);
  const [year, number] = [Number(name.slice(0, 4)), Number(name.slice(5))];
  const span = { name, fromMs: Date.UTC(year, number - 1, 1), untilMs: Date.UTC(year, number, 1) };
  const tally = new BillTally(own.bucket, span);
  for (const file of files) {
    const read = await readBill(file, tally, signal);
    if (!read.ok) return read;
  }
  if (tally.lineItems === 0) {
    const message = `The Cost and Usage Report bills nothing for "${own.bucket}" in ${name}.`;
    return err(
      appError('Usage', message, {
        field: 'bill',
        next: 'Name the files of another month with --month, or of the account that pays for the bucket.',
      }),
    );
  }
  const metered = meteredAround(reader, own, span);
  if (!metered.ok) return metered;
  const part = billedAgainst(tally, metered.value, list, span);
  const [first, last] = [metered.value[0]?.atMs ?? 0, metered.value.at(-1)?.atMs ?? 0];
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return ok({
    part,
    warnings: [
      ...(first > Date.parse(part.from) + DAY_MS
        ? [`Days of ${name} before ${day(first)}, the first snapshot, are taken to be like it.`]
        : []),
      ...(last < Date.parse(part.until) - DAY_MS
        ? [`Days of ${name} after ${day(last)}, the last snapshot, are taken to be like it.`]
        : []),
      ...(tally.nameless === 0 ? [] : [`${tally.nameless} line items of S3 name no bucket and are in no figure.`]),
    ],
  });
}

/** Snapshots of the same keys within a time, the last before it and the first after it. */
function meteredAround(
  reader: IndexReader,
  own: Snapshot,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Result<Metered[]> {
  const alike = reader
    .snapshots()
    .filter(
      ({ bucket, prefix, allVersions, coverage }) =>
        bucket === own.bucket && prefix === own.prefix && allVersions === own.allVersions && coverage === own.coverage,
    )
    .sort((a, b) => Date.parse(a.asOf) - Date.parse(b.asOf));
  const first = Math.max(
    0,
    alike.findLastIndex(({ asOf }) => Date.parse(asOf) <= fromMs),
  );
  const after = alike.findIndex(({ asOf }) => Date.parse(asOf) >= untilMs);
  const metered: Metered[] = [];
  for (const snapshot of alike.slice(first, after < 0 ? alike.length : after + 1)) {
    const extents = extentsIn(reader, snapshot);
    if (!extents.ok) return extents;
    const uploads = uploadsIn(reader, snapshot);
    if (!uploads.ok) return uploads;
    metered.push(meteredOf(Date.parse(snapshot.asOf), [...extents.value, ...uploadExtents(uploads.value)]));
  }
  return ok(metered);
}
