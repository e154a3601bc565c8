/**
 * `npm run bench -- list`: a live listing into an index beside the SDK, one page after another, and beside the bare
 * calls of the same listing whose answers nobody reads: what HTTP and the server alone cost. Stubs answer in processes of their
 * own, at once, after 1 ms and after 50 ms; a real Ceph gateway answers where it can be had. Whole processes, in turn.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNT } from '../../scripts/account.ts';
import { ROOT } from '../../scripts/steps.ts';
import { fill, makeBucket, s3Client } from '../e2e/support/bucket.ts';
import { startCeph } from '../servers/ceph/ceph.ts';
import { startStubProcess } from '../servers/s3-stub/start.ts';

const { values } = parseArgs({ options: { keys: { type: 'string', default: '300000' }, ceph: { type: 'string', default: '10000' } } });
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-list-'));

/** The SDK, one page after another, over `pages` pages at most; prints how many entries it saw. It has a paginator for objects alone. */
const PAGINATOR = `
import { ListObjectsV2Command, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
const [endpoint, Bucket, byVersion, pages] = process.argv.slice(1);
const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
let seen = 0;
let from = {};
for (let page = 0; page < Number(pages); page++) {
  const answer = await client.send(byVersion === 'true' ? new ListObjectVersionsCommand({ Bucket, ...from }) : new ListObjectsV2Command({ Bucket, ...from }));
  seen += (answer.Contents ?? answer.Versions ?? []).length;
  if (!answer.IsTruncated) break;
  from = byVersion === 'true' ? { KeyMarker: answer.NextKeyMarker, VersionIdMarker: answer.NextVersionIdMarker } : { ContinuationToken: answer.NextContinuationToken };
}
console.log(seen);`;

/** As many calls as there are pages, 64 at a time, whose answers are thrown away. */
const BARE = `
const [endpoint, pages] = process.argv.slice(1);
let left = Number(pages);
await Promise.all(Array.from({ length: 64 }, async () => {
  while (left-- > 0) await (await fetch(endpoint + '/data?list-type=2&encoding-type=url')).arrayBuffer();
}));
console.log(Number(pages) * 1000);`;

interface Account {
  readonly cpuMs: number;
  readonly rssMib: number;
  readonly wallMs: number;
  readonly stdout: string;
}

interface Access {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function run(args: readonly string[], access: Access): Account {
  const begun = performance.now();
  const child = spawnSync(process.execPath, ['--import', ACCOUNT, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      ISOTHERM_HOME: join(folder, 'home'),
      AWS_ACCESS_KEY_ID: access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    },
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
  const account = JSON.parse(child.stderr.trimEnd().split('\n').at(-1) ?? '') as Omit<Account, 'wallMs' | 'stdout'>;
  return { ...account, wallMs: performance.now() - begun, stdout: child.stdout };
}

const evaluate = (source: string, ...args: string[]): string[] => ['--input-type=module', '--eval', source, '--', ...args];

function line(what: string, keys: number, { wallMs, cpuMs, rssMib }: Account, inFlight: string): void {
  const cells = [
    what,
    (wallMs / 1000).toFixed(2),
    Math.round(keys / (wallMs / 1000)).toLocaleString('en-US'),
    (cpuMs / 1000).toFixed(2),
    ((cpuMs * 1000) / keys).toFixed(1),
    rssMib.toFixed(0),
    inFlight,
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

function head(words: string): void {
  process.stdout.write(
    `\n${words}\n\n| what | wall s | objects/s | CPU s | CPU us/object | RSS MiB | calls under way |\n|---|---|---|---|---|---|---|\n`,
  );
}

const STUB_ACCESS: Access = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
/** The SDK lists so many pages and no more: the rest would take as long again. */
const MOST_PAGES = 100;

async function againstStub(delayMs: number, versions: number | undefined): Promise<void> {
  const keys = Number(values.keys);
  const stub = await startStubProcess({
    keys,
    name: 'datasets/images/train/shard-#.tar',
    ...(delayMs === 0 ? {} : { delayMs }),
    ...(versions === undefined ? {} : { versions }),
  });
  try {
    const rows = keys * (versions ?? 1);
    head(`${rows.toLocaleString('en-US')} ${versions === undefined ? 'objects' : 'versions'}, pages after ${delayMs} ms`);
    const pages = Math.min(MOST_PAGES, Math.ceil(rows / 1000));
    const one = run(evaluate(PAGINATOR, stub.endpoint, 'data', String(versions !== undefined), String(pages)), STUB_ACCESS);
    line(`SDK, ${pages} pages in turn`, Number(one.stdout), one, '1');
    if (versions === undefined)
      line('bare calls, not read', rows, run(evaluate(BARE, stub.endpoint, String(Math.ceil(rows / 1000))), STUB_ACCESS), '64');
    const index = join(folder, `${delayMs}-${versions ?? 0}.db`);
    const scan = ['scan', '--list', 's3://data', '--endpoint', stub.endpoint, '--region', 'us-east-1', '--index', index, '--json'];
    const scanned = run([join('src', 'main', 'cli', 'index.ts'), ...scan], STUB_ACCESS);
    const found = (JSON.parse(scanned.stdout) as { rows: number }).rows;
    if (found !== rows) throw new Error(`the scan found ${found} of ${rows}`);
    const { counts, mostInFlight } = await stub.counted();
    line('scan --list, with the index', rows, scanned, String(mostInFlight));
    const calls =
      (counts.ListObjectsV2 ?? 0) + (counts.ListObjectVersions ?? 0) - pages - (versions === undefined ? Math.ceil(rows / 1000) : 0);
    process.stdout.write(`\n${calls} calls for ${Math.ceil(rows / 1000)} pages\n`);
  } finally {
    await stub.stop();
  }
}

async function againstCeph(): Promise<void> {
  const server = await startCeph({ quiet: true });
  if (!server.ok) return void process.stdout.write(`\nCeph: ${server.reason}\n`);
  const { access, stop } = server.value;
  const s3 = s3Client(access);
  try {
    const keys = Number(values.ceph);
    const bucket = await makeBucket(s3, 'bench', false);
    const put = (i: number) => ({ kind: 'put', key: `runs/${i % 97}/shard-${i}`, sizeBytes: 1, storageClass: 'STANDARD' }) as const;
    await fill(
      s3,
      bucket,
      Array.from({ length: keys }, (_, i) => put(i)),
    );
    head(`${keys.toLocaleString('en-US')} objects on a Ceph gateway of this machine`);
    const one = run(evaluate(PAGINATOR, access.endpoint, bucket, 'false', '1000000'), access);
    line('SDK, pages in turn', Number(one.stdout), one, '1');
    const index = join(folder, 'ceph.db');
    const scan = ['scan', '--list', `s3://${bucket}`, '--endpoint', access.endpoint, '--region', 'us-east-1', '--index', index, '--json'];
    line('scan --list, with the index', keys, run([join('src', 'main', 'cli', 'index.ts'), ...scan], access), 'not counted');
  } finally {
    s3.destroy();
    await stop();
  }
}

try {
  for (const delayMs of [0, 1, 50]) await againstStub(delayMs, undefined);
  await againstStub(50, 3);
  if (Number(values.ceph) > 0) await againstCeph();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
