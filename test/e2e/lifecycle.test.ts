import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SimulatedState, Simulation } from '../../src/contract/simulation.ts';
import { stateAt } from '../../src/core/simulate/simulate.ts';
import { type CephServer, startCeph } from '../servers/ceph/ceph.ts';
import type { Available } from '../servers/ceph/packages.ts';
import { answer, bareEnvironment, scratch } from '../support/command-line.ts';
import { oracleOver, requestOf, single } from '../support/engines.ts';
import { META, row, writeIndex } from '../support/index-rows.ts';
import { dayOf, memorySnapshot } from '../support/memory-snapshot.ts';
import { contents, type Put, s3Client } from './support/bucket.ts';
import { SCENARIOS, type Scenario, type Write } from './support/scenarios.ts';

/**
 * What lifecycle rules leave behind on a server that runs them, a day being ten seconds, beside what the simulation says would be there
 * when every rule has run out. Ceph has no minimum size for transitions, and takes STANDARD_IA before 30 days.
 */
const DAY_SECONDS = 10;
/** No rule is later than four days; a run takes its time, and the server may be late. */
const MOST_DAYS = 30;

const isDeep = process.env.ISOTHERM_DEEP === '1';
const files = scratch('lifecycle');
let server: Available<CephServer> = { ok: false, reason: 'lifecycle rules take minutes to run: npm run test:deep' };
let s3: S3Client;

interface Played {
  readonly bucket: string;
  readonly forecast: SimulatedState;
  /** The same from the index alone, which knows of no tags. */
  readonly listed: SimulatedState;
  readonly simulation: Simulation;
  readonly mayLeaveMarker: boolean;
}
const played = new Map<string, Played>();

interface Found {
  readonly byClass: SimulatedState['byClass'];
  readonly deleteMarkers: number;
}

function found(rows: readonly Put[]): Found {
  const byClass: Record<string, { current: { versions: number; bytes: number }; noncurrent: { versions: number; bytes: number } }> = {};
  for (const { storageClass, isDeleteMarker, isLatest, sizeBytes } of rows) {
    if (isDeleteMarker) continue;
    byClass[storageClass] ??= { current: { versions: 0, bytes: 0 }, noncurrent: { versions: 0, bytes: 0 } };
    const tally = byClass[storageClass][isLatest ? 'current' : 'noncurrent'];
    tally.versions += 1;
    tally.bytes += sizeBytes;
  }
  return { byClass, deleteMarkers: rows.filter(({ isDeleteMarker }) => isDeleteMarker).length };
}
const inOrder = ({ byClass }: Found): string => JSON.stringify(Object.entries(byClass).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Whether a bucket is as forecast, but for what Ceph is known to do otherwise. */
const isAsForecast = ({ forecast, mayLeaveMarker }: Played, now: Found): boolean => {
  const more = now.deleteMarkers - forecast.deleteMarkers;
  return inOrder(now) === inOrder(forecast) && (more === 0 || (mayLeaveMarker && more === 1));
};

async function write(Bucket: string, one: Write): Promise<void> {
  if (one.kind === 'delete') await s3.send(new DeleteObjectCommand({ Bucket, Key: one.key }));
  else if (one.kind === 'upload') {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: one.key }));
    await s3.send(new UploadPartCommand({ Bucket, Key: one.key, UploadId, PartNumber: 1, Body: Buffer.alloc(1000, 'x') }));
  } else {
    const { key: Key, sizeBytes = 1, tags = [], isLocked = false } = one;
    // Ceph takes a plus sign for itself.
    const Tagging = tags.map(({ Key: name, Value }) => `${encodeURIComponent(name)}=${encodeURIComponent(Value)}`).join('&');
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: Buffer.alloc(sizeBytes, 'x'),
        ...(tags.length === 0 ? {} : { Tagging }),
        ...(isLocked ? { ObjectLockLegalHoldStatus: 'ON' as const } : {}),
      }),
    );
  }
}

/** A listing does not tell of locks, an inventory report does. */
async function indexOfReport(bucket: string, index: string, writes: readonly Write[]): Promise<void> {
  const held = new Set(writes.flatMap((one) => (one.kind === 'put' && one.isLocked === true ? [one.key] : [])));
  const rows = (await contents(s3, bucket)).map(({ key, versionId, isDeleteMarker, isLatest, sizeBytes, storageClass, lastModified }) =>
    row(key, {
      versionId: versionId ?? '',
      state: isDeleteMarker ? (isLatest ? 'marker' : 'old marker') : isLatest ? 'current' : 'noncurrent',
      sizeBytes,
      storageClass,
      lastModifiedMs: Date.parse(lastModified),
      // The first version of a key is the one that is locked.
      isHeld: held.has(key) && !isLatest,
    }),
  );
  await writeIndex(index, rows, { meta: { ...META, bucket, asOfMs: Date.now() } });
}

/** No report tells of tags: what the oracle says who is told them. */
async function toldTags(bucket: string, { rules, versioning, writes }: Scenario, asOf: string, day: number): Promise<SimulatedState> {
  const tags = new Map(writes.flatMap((one) => (one.kind === 'put' ? [[one.key, one.tags ?? []] as const] : [])));
  const keys = (await contents(s3, bucket)).map(({ key, lastModified, sizeBytes }) =>
    single({ key, written: lastModified, sizeBytes, tags: tags.get(key) ?? [] }),
  );
  const request = requestOf({ Rules: [...rules] }, { asOf, months: 14, versioning, minimumSize: null });
  return stateAt(day, oracleOver(memorySnapshot(keys, Date.parse(asOf)), request).state('plan'));
}

/** Fills a bucket, lists it into an index and lets the product say what would be there; the rules are put last. */
async function play(scenario: Scenario, remote: readonly string[], env: NodeJS.ProcessEnv): Promise<Played> {
  const { name, versioning, hasLock = false, rules, writes } = scenario;
  const Bucket = `lc-${name.replace(/[^a-z]+/g, '-').slice(0, 40)}`.replace(/-$/, '');
  await s3.send(new CreateBucketCommand({ Bucket, ...(hasLock ? { ObjectLockEnabledForBucket: true } : {}) }));
  if (versioning === 'enabled' && !hasLock)
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  for (const one of writes) await write(Bucket, one);
  const [index, policy] = [files.path(`${Bucket}.db`), files.path(`${Bucket}.json`)];
  writeFileSync(policy, JSON.stringify({ Rules: rules }));
  if (hasLock) await indexOfReport(Bucket, index, writes);
  else await answer(['scan', '--list', `s3://${Bucket}`, '--index', index, ...remote], env);
  const asOf = new Date().toISOString().slice(0, 10);
  const asked = [
    'simulate',
    '--index',
    index,
    '--policy',
    policy,
    '--as-of',
    asOf,
    '--minimum-size',
    'none',
    '--versioning',
    versioning,
    '--region',
    'us-east-1',
  ];
  const later = new Date(Date.now() + 400 * 86_400_000).toISOString().slice(0, 10);
  const listed = await answer<SimulatedState>([...asked, '--state-at', later], env);
  const hasTags = writes.some((one) => one.kind === 'put' && one.tags !== undefined);
  const forecast = hasTags ? await toldTags(Bucket, scenario, asOf, dayOf(later)) : listed;
  const simulation = await answer<Simulation>(asked, env);
  return { bucket: Bucket, forecast, listed, simulation, mayLeaveMarker: scenario.mayLeaveMarker ?? false };
}

beforeAll(async () => {
  if (!isDeep) return;
  server = await startCeph({ quiet: true, daySeconds: DAY_SECONDS });
  if (!server.ok) return;
  const { access } = server.value;
  s3 = s3Client(access);
  const env = {
    ...bareEnvironment(files.path('home')),
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
  };
  const remote = ['--endpoint', access.endpoint, '--region', 'us-east-1', '--path-style'];
  for (const scenario of SCENARIOS) played.set(scenario.name, await play(scenario, remote, env));
  for (const { name, rules } of SCENARIOS) {
    const Bucket = played.get(name)?.bucket;
    const LifecycleConfiguration = { Rules: rules } as unknown as { Rules: [] };
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
  }
  // Every scenario waits together: until each is as forecast, or until no rule can be outstanding.
  const end = Date.now() + MOST_DAYS * DAY_SECONDS * 1000;
  const least = Date.now() + 6 * DAY_SECONDS * 1000;
  for (let isDone = false; !isDone && Date.now() < end; ) {
    await sleep(DAY_SECONDS * 500);
    const states = await Promise.all([...played.values()].map(async (own) => isAsForecast(own, found(await contents(s3, own.bucket)))));
    // What is as forecast early must still be so when every rule has run out.
    isDone = states.every(Boolean) && Date.now() > least;
  }
}, 900_000);

afterAll(async () => {
  s3?.destroy();
  if (server.ok) await server.value.stop();
  files.remove();
});

describe('what is there when every rule has run out is what the simulation said', () => {
  beforeEach((context) => {
    if (!server.ok) context.skip(server.reason);
  });
  const playedAs = (name: string): Played => {
    const own = played.get(name);
    if (own === undefined) throw new Error(`${name} was not played`);
    return own;
  };
  test.each(SCENARIOS)('$name', async ({ name }) => {
    const own = playedAs(name);
    const { byClass, deleteMarkers } = own.forecast;
    const now = found(await contents(s3, own.bucket));
    if (!isAsForecast(own, now)) expect(now).toEqual({ byClass, deleteMarkers });
    expect(now.byClass).toEqual(byClass);
  });
  test('uploads: the one below the prefix is aborted, the other stays', async () => {
    const { bucket, simulation } = playedAs('incomplete uploads');
    expect(simulation.effects.abortedUploads).toEqual({ uploads: 1, bytes: 1000 });
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads.map(({ Key }) => Key)).toEqual(['stay/a']);
  });
  test('tags: without them nothing is in the figures, and the deletion they could cause is a red flag', () => {
    const { listed, simulation } = playedAs('tags');
    expect(listed).toMatchObject({ byClass: { STANDARD: { current: { versions: 5 } } }, expiredVersions: 0 });
    expect(simulation.redFlags.join()).toContain('both');
  });
});
