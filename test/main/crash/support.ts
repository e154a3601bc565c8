import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openIndex } from '../../../src/main/index/reader.ts';
import { answer, bareEnvironment, type Scratch, scratch } from '../../support/command-line.ts';
import { line, md5, writeReportFolder } from '../../support/report-folder.ts';

/** What a scan is broken off in: an index that holds an earlier snapshot, and a report whose scan takes about a second. */
export interface Bench {
  readonly files: Scratch;
  readonly folder: string;
  readonly index: string;
  readonly report: string;
  readonly environment: NodeJS.ProcessEnv;
  /** MD5 of the index before. */
  readonly before: string;
}

const EARLIER_ROWS = 3_000;
export const REPORT_ROWS = 120_000;

const rows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) =>
    line(`runs/${(from + i) % 997}/checkpoint-${(from + i) % 7}/shard-${from + i}.pt`, from + i),
  ).join('');

export async function makeBench(name: string): Promise<Bench> {
  const files = scratch(name);
  const environment = bareEnvironment(files.path('home'));
  const folder = files.path('indexes');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder);
  const index = join(folder, 'x.db');
  writeReportFolder(files.path('earlier'), { parts: [['e.csv.gz', rows(0, EARLIER_ROWS)]] });
  const parts = Array.from({ length: 12 }, (_, i) => [`${i}.csv.gz`, rows((i * REPORT_ROWS) / 12, ((i + 1) * REPORT_ROWS) / 12)] as const);
  writeReportFolder(files.path('report'), { stamp: '2024-06-07T01-00Z', parts });
  await answer(['scan', files.path('earlier'), '--index', index], environment);
  return { files, folder, index, report: files.path('report'), environment, before: md5(readFileSync(index)) };
}

/** How an index is after whatever happened to a scan into it: as it was before, or with the scan's snapshot whole; else what is wrong. */
export function conditionOf({ index, before }: Bench): 'as before' | 'with the new snapshot' | string {
  const reader = openIndex(index);
  if (!reader.ok) return `${reader.error.code}: ${reader.error.message}`;
  const snapshots = reader.value.snapshots();
  for (const snapshot of snapshots) {
    const cube = reader.value.cube(snapshot.snapshotId);
    if (!cube.ok) return `${cube.error.code}: ${cube.error.message}`;
    let counted = 0;
    for (let cell = 0; cell < cube.value.cellCount; cell++) counted += cube.value.count[cell] as number;
    if (counted !== snapshot.rows) return `the cells hold ${counted} of ${snapshot.rows} rows`;
  }
  if (snapshots.length === 1) return md5(readFileSync(index)) === before ? 'as before' : 'changed';
  return snapshots.length === 2 && snapshots[0]?.rows === REPORT_ROWS ? 'with the new snapshot' : `${snapshots.length} snapshots`;
}

export const namesIn = (folder: string): string[] => readdirSync(folder).sort();
