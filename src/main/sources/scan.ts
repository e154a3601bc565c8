import type { Progress } from '../../contract/frames.ts';
import type { ScanResult, Snapshot } from '../../contract/index-views.ts';
import type { Source } from '../../contract/methods/sources.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import type { RowBatch } from '../../core/inventory/row-batch.ts';
import { openIndexWriter } from '../index/writer.ts';
import { cancelled } from './cancelled.ts';
import { openSource } from './open-source.ts';
import type { OpenSource } from './source.ts';

export interface ScanOptions {
  readonly source: Source;
  readonly index: string;
  /** Overrides the region the source tells of itself. */
  readonly region: string | undefined;
  readonly resourcesDir: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** Reads a source into an index as its newest snapshot. Whatever fails, the index stays as it was. */
export async function scan(options: ScanOptions): Promise<Result<ScanResult>> {
  const started = options.now();
  options.progress({ phase: 'Finding the source', done: 0 });
  const opened = await openSource(options.source, started, options.signal);
  if (!opened.ok) return opened;
  try {
    return await intoIndex(opened.value, started, options);
  } finally {
    opened.value.close();
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
      const verified = (await source.verify?.({ signal, progress })) ?? ok(undefined);
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
      isClassified: true,
    });
    let classes: RowBatch['classes'] = [];
    const read = await source.read({
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
    const warnings = [...read.value.warnings, ...unknownClasses(classes)];
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

function unknownClasses(classes: RowBatch['classes']): string[] {
  const known = new Set<string>(['', ...STORAGE_CLASSES.map(({ name }) => name)]);
  const unknown = new Set(classes.map(({ storageClass }) => storageClass).filter((name) => !known.has(name)));
  return [...unknown].sort().map((name) => `Storage class "${name}" is not known: it keeps its own name and stays unpriced.`);
}

function resultOf(snapshot: Snapshot, started: Date, options: ScanOptions, unchanged: boolean): ScanResult {
  const { snapshotId, source, rows, versions, deleteMarkers, bytes, coverage, warnings } = snapshot;
  const seconds = Math.max(0, options.now().getTime() - started.getTime()) / 1000;
  return { snapshotId, source, rows, versions, deleteMarkers, bytes, seconds, coverage, warnings, unchanged };
}
