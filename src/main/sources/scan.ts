import type { Progress } from '../../contract/frames.ts';
import type { ScanResult, Snapshot } from '../../contract/index-views.ts';
import type { Source } from '../../contract/methods/sources.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { RowBatch } from '../../core/inventory/row-batch.ts';
import { openIndexWriter } from '../index/writer.ts';
import { openTable } from '../remote-sql/open-table.ts';
import { rollUpInto } from '../remote-sql/scan-table.ts';
import type { TrinoCredentials } from '../remote-sql/trino.ts';
import { cancelled } from './cancelled.ts';
import { openSource } from './open-source.ts';
import type { OpenSource } from './source.ts';
import { unknownClasses } from './unknown-classes.ts';

export interface ScanOptions {
  readonly source: Source;
  readonly index: string;
  /** Overrides the region the source tells of itself. */
  readonly region: string | undefined;
  /** Whether objects are told apart by what they are; they are unless this says otherwise. */
  readonly classify?: boolean;
  /** A report whose manifest the index knows is left alone without a look at its data files. */
  readonly trustsKnown?: boolean;
  readonly resourcesDir: string;
  readonly trino?: TrinoCredentials | undefined;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** Reads a source into an index as its newest snapshot. Whatever fails, the index stays as it was. */
export async function scan(options: ScanOptions): Promise<Result<ScanResult>> {
  const started = options.now();
  options.progress({ phase: 'Finding the source', done: 0 });
  if (options.source.kind === 'table') return scanTable(options.source, started, options);
  const opened = await openSource(options.source, started, options.signal);
  if (!opened.ok) return opened;
  try {
    return await intoIndex(opened.value, started, options);
  } finally {
    opened.value.close();
  }
}

/** Rolls a table on a SQL engine up into the index. */
async function scanTable(
  { kind: _, confirm, ...table }: Extract<Source, { kind: 'table' }>,
  started: Date,
  options: ScanOptions,
): Promise<Result<ScanResult>> {
  const { signal, progress, region, resourcesDir, now } = options;
  const environment = { resourcesDir, now, trino: options.trino ?? {} };
  const open = await openTable(table, environment, signal);
  if (!open.ok) return open;
  try {
    const opened = await openIndexWriter(options.index, resourcesDir);
    if (!opened.ok) return opened;
    const writer = opened.value;
    try {
      const made = await rollUpInto(writer, open.value, { table, confirm, region, environment, signal, progress }, started.getTime());
      if (!made.ok) return made;
      if (signal.aborted) return err(cancelled());
      const committed = made.value.unchanged ? ok(undefined) : writer.commit();
      return committed.ok ? ok(resultOf(made.value.snapshot, started, options, made.value.unchanged)) : committed;
    } finally {
      writer.abandon();
    }
  } finally {
    open.value.engine.close();
  }
}

async function intoIndex(source: OpenSource, started: Date, options: ScanOptions): Promise<Result<ScanResult>> {
  const { signal, progress } = options;
  if (signal.aborted) return err(cancelled());
  const opened = await openIndexWriter(options.index, options.resourcesDir);
  if (!opened.ok) return opened;
  const writer = opened.value;
  try {
    const prepared = source.prepare?.(writer.path) ?? ok(undefined);
    if (!prepared.ok) return prepared;
    const same = source.manifestMd5 === null ? undefined : writer.findSnapshot(source);
    if (same !== undefined) {
      // Known already, but a copy that no longer holds what S3 wrote is refused like any other.
      const verified = options.trustsKnown === true ? ok(undefined) : ((await source.verify?.({ signal, progress })) ?? ok(undefined));
      return verified.ok ? ok(resultOf(same, started, options, true)) : verified;
    }

    const builder = writer.begin({
      bucket: source.bucket,
      source: source.source,
      sourceKind: source.sourceKind,
      asOfMs: source.asOfMs,
      scannedAtMs: started.getTime(),
      manifestMd5: source.manifestMd5,
      allVersions: source.allVersions,
      region: options.region ?? source.region,
      isSample: source.isSample,
      fields: source.fields,
      prefix: source.prefix,
      isClassified: options.classify ?? true,
    });
    let classes: RowBatch['classes'] = [];
    const read = await source.read({
      kernel: builder.kernel,
      signal,
      progress,
      scratch: writer.scratch,
      onBatch(batch) {
        classes = batch.classes;
        return builder.add(batch);
      },
    });
    if (!read.ok) return read;
    if (signal.aborted) return err(cancelled());
    progress({ phase: 'Building the index', done: 0 });
    const warnings = [...read.value.warnings, ...unknownClasses(classes), ...(options.classify === false ? [UNCLASSIFIED] : [])];
    const finished = builder.finish({ ...read.value, warnings }, signal);
    if (!finished.ok) return finished;
    if (signal.aborted) return err(cancelled());
    const committed = writer.commit();
    if (!committed.ok) return committed;
    source.settled?.();
    return ok(resultOf(finished.value, started, options, false));
  } finally {
    writer.abandon();
  }
}

const UNCLASSIFIED = 'Scanned without classifying: every object counts as "other", and there are no units.';

function resultOf(snapshot: Snapshot, started: Date, options: ScanOptions, unchanged: boolean): ScanResult {
  const { snapshotId, source, rows, versions, deleteMarkers, bytes, coverage, warnings } = snapshot;
  const seconds = Math.max(0, options.now().getTime() - started.getTime()) / 1000;
  return { snapshotId, source, rows, versions, deleteMarkers, bytes, seconds, coverage, warnings, unchanged };
}
