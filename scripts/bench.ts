/**
 * `npm run bench`: ratio tables from whole processes, never from tests. A scan is held against Node's own gunzip of
 * the same files (1 MiB chunks), in turn and in the same run, because shared machines drift.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNT } from './account.ts';
import { ROOT, runNode } from './steps.ts';

/** Benchmarks with a program of their own. */
const NAMED = ['window', 'list', 'classify', 'simulate', 'ingest', 'query', 'prove'];
const name = process.argv[2] ?? '';
if (NAMED.includes(name)) {
  const done = await runNode([join('test', 'bench', `${name}.ts`), ...process.argv.slice(3)], { timeoutMs: 60 * 60_000 });
  process.exit(done ? 0 : 1);
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '500000' }, runs: { type: 'string', default: '3' } },
});
const rows = Number(values.rows);
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-'));

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
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
  const account = JSON.parse(child.stderr.trimEnd().split('\n').at(-1) ?? '') as Omit<Account, 'wallMs'>;
  return { ...account, wallMs: performance.now() - begun };
}

const cli = join('src', 'main', 'cli', 'index.ts');
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const row = (what: string, value: string): void => void process.stdout.write(`| ${what} | ${value} |\n`);

function filesBelow(directory: string, ending: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(directory, name));
}

try {
  const report = join(folder, 'report');
  const index = join(folder, 'bench.db');
  const wrote = run([cli, 'sample', '--out', report, '--versions', String(rows), '--seed', '7']);
  const parts = filesBelow(report, '.csv.gz');
  const gunzips: Account[] = [];
  const scans: Account[] = [];
  for (let i = 0; i < runs; i++) {
    gunzips.push(run(['--input-type=module', '--eval', GUNZIP, '--', ...parts]));
    rmSync(index, { force: true });
    scans.push(run([cli, 'scan', report, '--index', index, '--json']));
  }
  const summaries = Array.from({ length: runs }, () => run([cli, 'summary', '--index', index, '--by', 'category', '--json']));
  const versions = Array.from({ length: runs }, () => run([cli, '--version']));
  const ratios = scans.map((scan, i) => scan.cpuMs / (gunzips[i]?.cpuMs ?? Number.NaN));
  const seconds = (of: readonly Account[], read: (account: Account) => number): string => (median(of.map(read)) / 1000).toFixed(2);
  const bundle = filesBelow(join(ROOT, 'out', 'renderer'), '.js').reduce((sum, file) => sum + statSync(file).size, 0);

  process.stdout.write(`${rows} rows, medians of ${runs} alternating runs, whole processes\n\n| what | figure |\n|---|---|\n`);
  row('write the sample, wall s', (wrote.wallMs / 1000).toFixed(2));
  row(
    'gunzip only, CPU s',
    seconds(gunzips, (account) => account.cpuMs),
  );
  row(
    'scan into an index, CPU s',
    seconds(scans, (account) => account.cpuMs),
  );
  row('scan / gunzip, CPU', `${median(ratios).toFixed(2)}x`);
  row(
    'scan, wall s',
    seconds(scans, (account) => account.wallMs),
  );
  row('scan, peak RSS MiB', median(scans.map((account) => account.rssMib)).toFixed(0));
  row('index, bytes a row', (statSync(index).size / rows).toFixed(1));
  row(
    'summary as a process, wall s',
    seconds(summaries, (account) => account.wallMs),
  );
  row(
    '--version, wall s',
    seconds(versions, (account) => account.wallMs),
  );
  row('window bundle, KiB of JavaScript', (bundle / 1024).toFixed(0));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
