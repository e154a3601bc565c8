/**
 * `npm run bench -- classify`: what telling keys apart and making units of them adds to a scan, beside the same scan without
 * it and beside Node's own gunzip of the same files; and how long the recommendations for the whole index take. Whole processes, in turn.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNT } from '../../scripts/account.ts';
import { ROOT } from '../../scripts/steps.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '5000000' }, runs: { type: 'string', default: '3' } } });
const [rows, runs] = [Number(values.rows), Number(values.runs)];
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-classify-'));
const cli = join('src', 'main', 'cli', 'index.ts');

const GUNZIP = `
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
for (const file of process.argv.slice(1)) {
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: 1 << 20 }))) void chunk;
}`;

interface Account {
  readonly cpuMs: number;
  readonly rssMib: number;
  readonly wallMs: number;
}

function run(args: readonly string[]): Account {
  const begun = performance.now();
  const child = spawnSync(process.execPath, ['--import', ACCOUNT, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ISOTHERM_HOME: join(folder, 'home') },
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
  const account = JSON.parse(child.stderr.trimEnd().split('\n').at(-1) ?? '') as Omit<Account, 'wallMs'>;
  return { ...account, wallMs: performance.now() - begun };
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const cpu = (accounts: readonly Account[]): number => median(accounts.map(({ cpuMs }) => cpuMs / 1000));
const wall = (accounts: readonly Account[]): number => median(accounts.map(({ wallMs }) => wallMs / 1000));
const row = (what: string, figure: string, aim = ''): void => void process.stdout.write(`| ${what} | ${figure} | ${aim} |\n`);

try {
  const report = join(folder, 'report');
  const [index, plain] = [join(folder, 'x.db'), join(folder, 'plain.db')];
  run([cli, 'sample', '--out', report, '--versions', String(rows), '--seed', '7']);
  const parts = readdirSync(report, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv.gz'))
    .map((name) => join(report, name));
  const gunzips: Account[] = [];
  const without: Account[] = [];
  const scans: Account[] = [];
  for (let i = 0; i < runs; i++) {
    for (const file of [index, plain]) rmSync(file, { force: true });
    gunzips.push(run(['--input-type=module', '--eval', GUNZIP, '--', ...parts]));
    without.push(run([cli, 'scan', report, '--index', plain, '--no-classify', '--json']));
    scans.push(run([cli, 'scan', report, '--index', index, '--json']));
  }
  const logs = run([cli, 'access', join(report, 'access-logs'), '--index', index, '--json']);
  const asked = (args: readonly string[]): Account[] => Array.from({ length: runs }, () => run([cli, ...args, '--index', index, '--json']));
  const versions = Array.from({ length: runs }, () => run([cli, '--version']));
  const all = asked(['recommend', '--kind', 'all']);
  const checkpoints = asked(['recommend', '--kind', 'checkpoint']);
  const compiled = asked(['to-rules', '--kind', 'checkpoint']);
  const added = median(scans.map(({ cpuMs }, at) => cpuMs / (without[at]?.cpuMs ?? Number.NaN) - 1));

  process.stdout.write(`${rows} rows, medians of ${runs} runs in turn, whole processes\n\n| what | figure | aim |\n|---|---|---|\n`);
  row('gunzip only, CPU s', cpu(gunzips).toFixed(2));
  row('scan without classification, CPU s', cpu(without).toFixed(2));
  row('scan with classification and units, CPU s', cpu(scans).toFixed(2));
  row('classification and units add', `${(added * 100).toFixed(1)} %`, 'at most 25 %');
  row('scan, wall s', wall(scans).toFixed(2));
  row('index, bytes a row', (statSync(index).size / rows).toFixed(1));
  row('read 100 days of access logs, wall s', (logs.wallMs / 1000).toFixed(2));
  row('--version (a process that does nothing), wall s', wall(versions).toFixed(2));
  row('recommendations for the whole index, wall s', wall(all).toFixed(2), 'at most 2 s');
  row('recommendations, peak RSS MiB', median(all.map(({ rssMib }) => rssMib)).toFixed(0));
  row('stale checkpoints alone, wall s', wall(checkpoints).toFixed(2));
  row('compile all stale checkpoints, proof on every row, wall s', wall(compiled).toFixed(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
