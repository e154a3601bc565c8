import { createHash } from 'node:crypto';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type Manifest, type ManifestPart, parseChecksum, parseManifest } from '../../core/inventory/manifest.ts';
import { SAMPLE_BUCKET, SAMPLE_DESTINATION, SAMPLE_REGION } from '../../core/sample/names.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { loadKernel } from '../kernel/load.ts';
import { cancelled } from './cancelled.ts';
import { ColumnarRows } from './columnar/columnar-rows.ts';
import { readColumnarPart } from './columnar/read-columnar.ts';
import { createCsvReader } from './csv-reader.ts';
import { checkPart, readPart } from './read-part.ts';
import type { ReportStore } from './report-store.ts';
import type { OpenSource, ReadOptions } from './source.ts';

/** Reads and verifies the manifest of a report; its data files are read by `read`, whole or not at all. */
export async function openReport(store: ReportStore, signal: AbortSignal): Promise<Result<OpenSource>> {
  const found = await store.readManifest(signal);
  if (!found.ok) return found;
  const file = store.manifestName;
  const md5 = createHash('md5').update(found.value.manifest).digest('hex');
  const promised = parseChecksum(found.value.checksum);
  const parsed = parseManifest(Buffer.from(found.value.manifest).toString('utf8'), file);
  // Bytes that are not JSON at all say more than a checksum that differs because of it.
  if (!parsed.ok && parsed.error.code === 'ManifestNotJson') return parsed;
  if (promised !== md5) {
    const words =
      promised === null ? 'manifest.checksum holds no MD5.' : `The manifest's MD5 is ${md5} where manifest.checksum says ${promised}.`;
    return err(appError('ManifestChecksumMismatch', words, { file }));
  }
  if (!parsed.ok) return parsed;
  const manifest = parsed.value;
  const isSample = manifest.sourceBucket === SAMPLE_BUCKET && manifest.destinationBucket === SAMPLE_DESTINATION;
  return ok({
    bucket: manifest.sourceBucket,
    source: store.source,
    sourceKind: 'inventory',
    asOfMs: manifest.createdMs,
    manifestMd5: md5,
    allVersions: manifest.allVersions,
    region: isSample ? SAMPLE_REGION : null,
    isSample,
    fields: manifest.columns.names,
    prefix: '',
    read: (options) => readParts(store, manifest, options),
    verify: (options) => checkParts(store, manifest, options),
    close: () => store.close(),
  });
}

/** Reads data files one after the other, whatever their format. */
interface PartReader {
  readonly rows: number;
  read(part: ManifestPart, onBytes: (bytes: number) => void): Promise<Result<void>>;
  /** When all are read: what there is to say about them. */
  end(): Result<string[]>;
}

async function readParts(
  store: ReportStore,
  manifest: Manifest,
  options: ReadOptions,
): Promise<Result<{ coverage: number; warnings: string[] }>> {
  const kernel = options.kernel ?? (await loadKernel())();
  const reader = manifest.format === 'CSV' ? csvParts(kernel, store, manifest, options) : columnarParts(kernel, store, manifest, options);
  let bytes = 0;
  store.begin(manifest, options.signal);
  for (const [i, part] of manifest.parts.entries()) {
    if (options.signal.aborted) return err(cancelled());
    const phase = `Reading part ${i + 1} of ${manifest.parts.length}`;
    const report = () => options.progress({ phase, done: reader.rows, bytes, current: part.key });
    report();
    const read = await reader.read(part, (count) => {
      bytes += count;
      report();
    });
    if (!read.ok) return read;
  }
  const ended = reader.end();
  return ended.ok ? ok({ coverage: 1, warnings: ended.value }) : ended;
}

function csvParts(kernel: Kernel, store: ReportStore, { columns, sourceBucket }: Manifest, { onBatch, signal }: ReadOptions): PartReader {
  const reader = createCsvReader({ kernel, columns, sourceBucket, onBatch });
  return {
    get rows() {
      return reader.rows;
    },
    read: (part, onBytes) => readPart(store, part, reader, signal, onBytes),
    end() {
      const flushed = reader.flush();
      return flushed.ok ? ok([]) : flushed;
    },
  };
}

function columnarParts(
  kernel: Kernel,
  store: ReportStore,
  { format, columns, sourceBucket }: Manifest,
  { onBatch, signal, scratch }: ReadOptions,
): PartReader {
  const rows = new ColumnarRows({ kernel, columns, sourceBucket, onBatch });
  const passedOver = new Set<string>();
  return {
    get rows() {
      return rows.rows;
    },
    async read(part, onBytes) {
      const read = await readColumnarPart(store, part, { kernel, format, columns, rows, scratch, signal, onBytes });
      if (read.ok) for (const column of read.value) passedOver.add(column);
      return read.ok ? ok(undefined) : read;
    },
    end: () =>
      ok([...passedOver].map((column) => `The column ${column} holds values that are neither texts, numbers nor times; it was not kept.`)),
  };
}

/** Whether every data file is still what it was when the report was read. */
async function checkParts(
  store: ReportStore,
  manifest: Manifest,
  options: Pick<ReadOptions, 'progress' | 'signal'>,
): Promise<Result<void>> {
  const { parts } = manifest;
  let bytes = 0;
  store.begin(manifest, options.signal);
  for (const [i, part] of parts.entries()) {
    if (options.signal.aborted) return err(cancelled());
    const opened = await store.openPart(part.key, options.signal);
    if (!opened.ok) return opened;
    const checked = await checkPart(store, part, opened.value, options.signal, (chunk) => {
      bytes += chunk.length;
      options.progress({ phase: 'Checking a known report', done: i, total: parts.length, bytes, current: part.key });
      return ok(undefined);
    });
    if (!checked.ok) return checked;
  }
  return ok(undefined);
}
