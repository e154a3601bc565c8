import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Progress } from '../../contract/frames.ts';
import type { SampleTruth } from '../../contract/methods/sources.ts';
import { AccessStory } from '../../core/sample/access-story.ts';
import { csvLine, SAMPLE_SCHEMA } from '../../core/sample/csv-line.ts';
import { generateRows } from '../../core/sample/generate.ts';
import { SAMPLE_BUCKET, SAMPLE_DESTINATION } from '../../core/sample/names.ts';
import { createRandom, type Random } from '../../core/sample/random.ts';
import { SAMPLE_AS_OF_MS, type SampleRow } from '../../core/sample/rows.ts';
import { StaleTruth } from '../../core/sample/stale-truth.ts';

const ROWS_PER_PART = 1_000_000;
const FEWEST_PARTS = 5;
const TEXT_CHUNK = 1 << 18;
/** Level 4 packs inventory lines nearly as small as level 6 in half the time. */
const GZIP_LEVEL = 4;

export interface SampleOptions {
  readonly versions: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** Where the generator puts the report below its folder: as if the destination bucket had been copied there. */
const REPORT_PREFIX = `inventory/${SAMPLE_BUCKET}/all-versions/`;
/** Server access logs, a file a day. */
export const ACCESS_LOGS = 'access-logs';
const REPORT_FOLDER = '2026-11-21T00-00Z';

/** Writes the whole report, access logs and truth.json into an empty folder. Throws what the disk throws, or the signal's AbortError. */
export async function writeReport(folder: string, options: SampleOptions): Promise<SampleTruth> {
  const { versions, seed, signal, progress } = options;
  const prefix = join(folder, ...REPORT_PREFIX.split('/'));
  await mkdir(join(prefix, 'data'), { recursive: true });
  await mkdir(join(prefix, REPORT_FOLDER));

  const rows = generateRows(versions, seed);
  const random = createRandom(seed + 1);
  const story = new AccessStory(createRandom(seed + 2));
  const stale = new StaleTruth((checkpoint) => story.isRead(checkpoint));
  const truth: SampleTruth = { ...emptyTruth(), staleCheckpoints: stale.found };
  const perPart = Math.max(1, Math.min(ROWS_PER_PART, Math.ceil(versions / FEWEST_PARTS)));
  const files: { key: string; size: number; MD5checksum: string }[] = [];

  async function* lines(count: number): AsyncGenerator<Buffer, void, void> {
    let text = '';
    for (let i = 0; i < count; i++) {
      const next = rows.next();
      if (next.done) break;
      tally(truth, next.value);
      story.see(next.value);
      stale.see(next.value);
      text += csvLine(SAMPLE_BUCKET, next.value, random);
      if (text.length >= TEXT_CHUNK) {
        yield Buffer.from(text, 'utf8');
        text = '';
        progress({ phase: 'Writing the sample report', done: truth.rows, total: versions });
      }
    }
    if (text !== '') yield Buffer.from(text, 'utf8');
  }

  while (truth.rows < versions) {
    const name = `${random.uuid()}.csv.gz`;
    const hash = createHash('md5');
    let size = 0;
    await pipeline(
      lines(Math.min(perPart, versions - truth.rows)),
      createGzip({ level: GZIP_LEVEL, chunkSize: TEXT_CHUNK }),
      async function* measured(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(join(prefix, 'data', name)),
      { signal },
    );
    files.push({ key: `${REPORT_PREFIX}data/${name}`, size, MD5checksum: hash.digest('hex') });
  }

  stale.finish();
  await writeLogs(join(folder, ACCESS_LOGS), story, random);
  const manifest = JSON.stringify(
    {
      sourceBucket: SAMPLE_BUCKET,
      destinationBucket: `arn:aws:s3:::${SAMPLE_DESTINATION}`,
      version: '2016-11-30',
      creationTimestamp: String(SAMPLE_AS_OF_MS),
      fileFormat: 'CSV',
      fileSchema: SAMPLE_SCHEMA,
      files,
    },
    null,
    2,
  );
  await writeFile(join(prefix, REPORT_FOLDER, 'manifest.json'), manifest);
  await writeFile(join(prefix, REPORT_FOLDER, 'manifest.checksum'), createHash('md5').update(manifest).digest('hex'));
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  progress({ phase: 'Writing the sample report', done: truth.rows, total: versions });
  return truth;
}

async function writeLogs(folder: string, story: AccessStory, random: Random): Promise<void> {
  await mkdir(folder);
  for (const { deliveredMs, text } of story.logs()) {
    const name = new Date(deliveredMs).toISOString().slice(0, 19).replace(/[T:]/g, '-');
    await writeFile(join(folder, `${name}-${random.hex(16).toUpperCase()}`), text);
  }
}

function emptyTruth(): Omit<SampleTruth, 'staleCheckpoints'> {
  const none = () => ({ versions: 0, bytes: 0 });
  return {
    rows: 0,
    versions: 0,
    deleteMarkers: 0,
    bytes: 0,
    byClass: {},
    byState: { current: none(), noncurrent: none(), marker: none() },
  };
}

function tally(truth: SampleTruth, row: SampleRow): void {
  truth.rows++;
  if (row.isDeleteMarker) {
    truth.deleteMarkers++;
    truth.byState.marker.versions++;
    return;
  }
  truth.versions++;
  truth.bytes += row.sizeBytes;
  const state = row.isLatest ? truth.byState.current : truth.byState.noncurrent;
  state.versions++;
  state.bytes += row.sizeBytes;
  truth.byClass[row.storageClass] ??= { versions: 0, bytes: 0 };
  const byClass = truth.byClass[row.storageClass];
  if (byClass !== undefined) {
    byClass.versions++;
    byClass.bytes += row.sizeBytes;
  }
}
