import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { accessHandlers } from '../../../src/main/engine/handlers/access.ts';
import { unitHandlers } from '../../../src/main/engine/handlers/units.ts';
import { logLine } from '../../support/access-logs.ts';
import { fakeS3, xml } from '../../support/fake-s3.ts';
import { AS_OF_MS, daysAgo, inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { GIB, trainerCheckpoint } from '../../support/runs.ts';

const DAY = 86_400_000;
const call = (folder: string, signal = new AbortController().signal): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};
const summarise = async (folder: string, given: object) => {
  const params = v.parse(METHODS['access.summary'].params, given);
  const answer = must(await accessHandlers['access.summary'](params, call(folder)));
  expect(v.safeParse(METHODS['access.summary'].result, answer).success).toBe(true);
  return answer;
};
const readIn = async (folder: string, index: string, location: string) => {
  const answer = must(await accessHandlers['access.import']({ index, location }, call(folder)));
  expect(v.safeParse(METHODS['access.import'].result, answer).success).toBe(true);
  return answer;
};
const temperatures = async (folder: string, index: string) => {
  const params = v.parse(METHODS['units.list'].params, { index, kinds: ['checkpoint'], sort: 'path', descending: false });
  const { units } = must(await unitHandlers['units.list'](params, call(folder)));
  return units.map(({ step, access, verdict }) => [step, access.temperature, access.words, verdict]);
};

/** A line a day that says nothing but that the bucket was logged. */
const heads = (from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, at) =>
    logLine({ key: 'x', operation: 'REST.HEAD.OBJECT', timeMs: AS_OF_MS - (from - at) * DAY }),
  );

const ROWS = [
  ...[400, 800, 1200].flatMap((step) => trainerCheckpoint('exp/run/', step, 300 - step / 100)),
  row('data/ä ö+%2F/x 1.parquet', { lastModifiedMs: daysAgo(200) }),
];

test('a read of one shard is a read of the unit; what nobody read is cold only while every day has a log', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    const logs = join(folder, 'logs', 'deep');
    mkdirSync(logs, { recursive: true });
    const reads = [
      logLine({ key: 'exp/run/checkpoint-400/optimizer.pt', timeMs: daysAgo(40), bytesSent: 1000, region: 'us-west-2' }),
      logLine({ key: 'exp/run/checkpoint-400/optimizer.pt', timeMs: daysAgo(45), bytesSent: 1000, region: 'us-west-2' }),
      // A scanner touches everything and uses nothing.
      logLine({ key: 'exp/run/checkpoint-800/model.safetensors', timeMs: daysAgo(5), bytesSent: GIB, requester: 'AmazonS3' }),
      // It is no longer there, but was part of a unit that is.
      logLine({ key: 'exp/run/checkpoint-400/gone.bin', timeMs: daysAgo(41), bytesSent: 7 }),
      logLine({ key: 'data/ä ö+%2F/x 1.parquet', timeMs: daysAgo(3) }),
      logLine({ key: 'exp/run/checkpoint-1200/config.json', timeMs: daysAgo(3), bucket: 'another' }),
      'half a line',
    ];
    writeFileSync(join(logs, 'a'), [...heads(310, 0), ...reads].join('\n'));
    expect(await temperatures(folder, index)).toMatchObject([
      [400, 'unknown', 'written 296 days ago, reads unknown', 'stale'],
      [800, 'unknown', 'written 292 days ago, reads unknown', 'keep'],
      [1200, 'unknown', 'written 288 days ago, reads unknown', 'keep'],
    ]);
    expect(await readIn(folder, index, join(folder, 'logs'))).toMatchObject({
      files: 1,
      filesKnown: 0,
      lines: 318,
      malformed: 1,
      otherBuckets: 1,
      reads: 5,
      notInIndex: 1,
      unreadable: 0,
    });
    expect(await temperatures(folder, index)).toMatchObject([
      [400, 'warm', 'last read seen 40 days ago', 'keep'],
      [800, 'cold', 'no read seen in 292 of 292 days since it was written', 'keep'],
      [1200, 'cold', 'no read seen in 288 of 288 days since it was written', 'keep'],
    ]);
    const summary = await summarise(folder, { index, sort: 'bytes' });
    expect(summary).toMatchObject({ files: 1, lines: 318, malformed: 1, window: { days: 311, ofDays: 311, missing: [] } });
    expect(summary.readers).toMatchObject([
      { requester: 'AmazonS3', counts: false, bytesSent: GIB },
      { requester: 'arn:aws:iam::111122223333:role/train', agent: 'Boto3', counts: true, reads: 4, bytesSent: 2107 },
    ]);
    expect(summary.egress).toMatchObject([
      { path: 'exp/run/checkpoint-800/', counts: false, timesRead: GIB / (GIB + 6000) },
      // 2,000 bytes at $0.02 a GB.
      { path: 'exp/run/checkpoint-400/', bytesSent: 2007, crossRegionBytes: 2000, leastNanoUsd: '37', kind: 'checkpoint' },
      { path: 'data/ä ö+%2F/', bytesSent: 100 },
    ]);
  }));

test('the same log counts once, however it is packed and called', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    const text = [...heads(10, 0), logLine({ key: 'exp/run/checkpoint-400/optimizer.pt', timeMs: daysAgo(4) })].join('\n');
    writeFileSync(join(folder, 'one.log'), text);
    mkdirSync(join(folder, 'again'));
    writeFileSync(join(folder, 'again', 'copy'), text);
    writeFileSync(join(folder, 'again', 'packed.gz'), gzipSync(text));
    writeFileSync(join(folder, 'again', 'broken.gz'), gzipSync(text).subarray(0, 60));
    expect(await readIn(folder, index, join(folder, 'one.log'))).toMatchObject({ files: 1, reads: 1 });
    expect(await readIn(folder, index, join(folder, 'again'))).toMatchObject({ files: 0, filesKnown: 2, unreadable: 1, reads: 0 });
    const { egress, files } = await summarise(folder, { index });
    expect([files, egress[0]?.reads, egress[0]?.bytesSent]).toEqual([1, 1, 100]);
  }));

test('evidence outlives the snapshot it was read with', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    const text = [...heads(310, 0), logLine({ key: 'exp/run/checkpoint-400/optimizer.pt', timeMs: daysAgo(4) })].join('\n');
    writeFileSync(join(folder, 'one.log'), text);
    await readIn(folder, index, join(folder, 'one.log'));
    const before = await temperatures(folder, index);
    await writeIndex(index, [row('aaa/first'), ...ROWS]);
    expect(await temperatures(folder, index)).toEqual(before);
    expect(before[0]).toMatchObject([400, 'hot', 'last read seen 4 days ago', 'keep']);
  }));

test('CloudTrail tells of reads too, and what is no log is refused', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    const record = {
      eventTime: new Date(daysAgo(2)).toISOString(),
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      userAgent: '[Boto3/1.34]',
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/eval/i-1' },
      requestParameters: { bucketName: 'ml-bucket', key: 'exp/run/checkpoint-800/config.json' },
      additionalEventData: { bytesTransferredOut: 1000 },
    };
    writeFileSync(join(folder, 'trail.json.gz'), gzipSync(JSON.stringify({ Records: [record, { eventSource: 'ec2.amazonaws.com' }] })));
    expect(await readIn(folder, index, join(folder, 'trail.json.gz'))).toMatchObject({ lines: 2, malformed: 0, reads: 1 });
    expect((await temperatures(folder, index))[1]).toMatchObject([800, 'hot', expect.anything(), 'keep']);
    writeFileSync(join(folder, 'poem.txt'), 'the woods are lovely\ndark and deep\n');
    const refused = await accessHandlers['access.import']({ index, location: join(folder, 'poem.txt') }, call(folder));
    expect(refused.ok ? '' : refused.error.code).toBe('AccessLogUnreadable');
    const missing = await accessHandlers['access.import']({ index, location: join(folder, 'nothing') }, call(folder));
    expect(missing.ok ? '' : missing.error.code).toBe('SourceNotFound');
    const stopped = await accessHandlers['access.import']({ index, location: folder }, call(folder, AbortSignal.abort()));
    expect(stopped.ok ? '' : stopped.error.code).toBe('Cancelled');
  }));

test('logs in a bucket are listed page by page and fetched ahead', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    const files = Array.from({ length: 40 }, (_, at) => {
      const line = logLine({ key: 'exp/run/checkpoint-800/config.json', timeMs: daysAgo(at + 1), bytesSent: 10 });
      return { key: `logs/2026-${String(at).padStart(3, '0')}`, line };
    });
    const contents = (some: typeof files) =>
      some.map(({ key, line }) => `<Contents><Key>${key}</Key><Size>${line.length}</Size></Contents>`).join('');
    const server = await fakeS3(({ path, query }, response) => {
      const file = files.find(({ key }) => path === `/logs-bucket/${key}`);
      if (file) {
        response.writeHead(200, { 'content-length': file.line.length });
        response.end(file.line);
      } else if (query.get('continuation-token') === 'more')
        xml(response, `<ListBucketResult>${contents(files.slice(25))}</ListBucketResult>`);
      else {
        const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>';
        xml(response, `<ListBucketResult>${more}${contents(files.slice(0, 25))}</ListBucketResult>`);
      }
    });
    process.env.AWS_ACCESS_KEY_ID ??= 'a';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'b';
    try {
      const remote = { endpoint: server.endpoint, region: 'us-east-1' };
      const read = must(await accessHandlers['access.import']({ index, location: 's3://logs-bucket/logs/', remote }, call(folder)));
      expect(read).toMatchObject({ files: 40, reads: 40, days: 40, notInIndex: 0 });
      const gets = server.requests.filter(({ path }) => path.startsWith('/logs-bucket/logs/'));
      expect(gets).toHaveLength(40);
    } finally {
      await server.close();
    }
  }));
