/**
 * `npm run bench -- ingest`: a scan of the same rows as CSV, Parquet and ORC beside unpacking alone, beside DuckDB, and beside one INSERT a
 * line; then whether independent readers find what the index has. Whole processes, in turn. Python with duckdb and pyarrow is used where
 * `--python` names one that has them (pip install duckdb pyarrow); else those rows are left out, and said to be.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNT } from '../../scripts/account.ts';
import { ROOT } from '../../scripts/steps.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    /** 5 and 50 million rows as well. */
    large: { type: 'boolean', default: false },
    /** Leaves out what takes longest: the INSERT of every line. */
    quick: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-ingest-'));
const CLI = join('src', 'main', 'cli', 'index.ts');
const PEERS = join(import.meta.dirname, 'peers.py');

const GUNZIP = `
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
for (const file of process.argv.slice(1)) {
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: 1 << 20 }))) void chunk;
}`;

/** What most people would write first. */
const NAIVE = `
import Database from 'better-sqlite3';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
const [path, columns, ...files] = process.argv.slice(1);
const database = new Database(path);
database.pragma('journal_mode = OFF');
database.exec('CREATE TABLE objects (' + columns + ')');
const insert = database.prepare('INSERT INTO objects VALUES (' + columns.split(',').map(() => '?').join(',') + ')');
database.exec('BEGIN');
for (const file of files) {
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const fields = line.slice(1, -1).split('","');
    fields[1] = decodeURIComponent(fields[1].replaceAll('+', ' '));
    insert.run(fields);
  }
}
database.exec('COMMIT');
database.close();`;

interface Account {
  readonly cpuMs: number;
  readonly rssMib: number;
  readonly wallMs: number;
  readonly stdout: string;
}

function run(command: string, args: readonly string[]): Account {
  const begun = performance.now();
  const child = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ISOTHERM_HOME: join(folder, 'home') },
    maxBuffer: 1 << 29,
  });
  if (child.status !== 0) throw new Error(`${args.slice(0, 6).join(' ')} ended with ${child.status}: ${child.stderr}`);
  const account = JSON.parse(child.stderr.trimEnd().split('\n').at(-1) ?? '') as Pick<Account, 'cpuMs' | 'rssMib'>;
  return { ...account, wallMs: performance.now() - begun, stdout: child.stdout };
}
const node = (...args: string[]): Account => run(process.execPath, ['--import', ACCOUNT, ...args]);
const python = (...args: string[]): Account => run(values.python, [PEERS, ...args]);
const hasPython = spawnSync(values.python, ['-c', 'import duckdb, pyarrow']).status === 0;

const median = (accounts: readonly Account[], of: (account: Account) => number): number =>
  accounts.map(of).sort((a, b) => a - b)[Math.floor(accounts.length / 2)] ?? Number.NaN;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Report {
  readonly location: string;
  readonly schema: string;
  readonly files: readonly string[];
}

function sample(rows: number): Report {
  const location = join(folder, 'csv');
  node(CLI, 'sample', '--out', location, '--versions', String(rows), '--seed', '7');
  const names = readdirSync(location, { recursive: true, encoding: 'utf8' }).map((name) => join(location, name));
  const manifest = JSON.parse(readFileSync(names.find((name) => name.endsWith('manifest.json')) ?? '', 'utf8')) as { fileSchema: string };
  return { location, schema: manifest.fileSchema, files: names.filter((name) => name.endsWith('.csv.gz')) };
}

const snake = (name: string): string => (name === 'ETag' ? 'e_tag' : name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase());

/** The report in another format, data files written by pyarrow. */
function converted({ schema, files }: Report, format: 'parquet' | 'orc'): Report {
  const location = join(folder, format);
  mkdirSync(location, { recursive: true });
  const parts = JSON.parse(python('convert', format, schema, location, ...files).stdout) as string[];
  const names = schema.split(', ').map(snake);
  const manifest = JSON.stringify({
    sourceBucket: 'isotherm-sample',
    destinationBucket: 'arn:aws:s3:::isotherm-sample-inventory',
    version: '2016-11-30',
    creationTimestamp: '1795219200000',
    fileFormat: format === 'orc' ? 'ORC' : 'Parquet',
    fileSchema:
      format === 'orc'
        ? `struct<${names.map((name) => `${name}:string`).join(',')}>`
        : `message s3.inventory { ${names.map((name) => `optional binary ${name};`).join(' ')} }`,
    files: parts.map((path) => ({
      key: path.slice(location.length + 1),
      size: statSync(path).size,
      MD5checksum: createHash('md5').update(readFileSync(path)).digest('hex'),
    })),
  });
  writeFileSync(join(location, 'manifest.json'), manifest);
  writeFileSync(join(location, 'manifest.checksum'), createHash('md5').update(manifest).digest('hex'));
  return { location, schema, files: parts };
}

const indexOf = (name: string): string => join(folder, `${name}.db`);
function scan(report: Report, name: string, ...more: string[]): Account {
  rmSync(indexOf(name), { force: true });
  return node(CLI, 'scan', report.location, '--index', indexOf(name), '--json', ...more);
}

function ask(name: string, statement: string): (string | number | null)[][] {
  const answer = node(CLI, 'sql', statement, '--index', indexOf(name), '--limit', '1000000', '--json');
  return (JSON.parse(answer.stdout) as { rows: (string | number | null)[][] }).rows;
}

const CELLS = `SELECT CASE WHEN is_delete_marker THEN '' ELSE storage_class END, CAST(floor(last_modified_ms / 86400000.0) AS INTEGER), state,
  size_bytes < 131072, count(*), sum(size_bytes) FROM objects GROUP BY 1, 2, 3, 4`;
const lineOf = (row: readonly unknown[]): string =>
  JSON.stringify(row.map((value) => (typeof value === 'boolean' ? Number(value) : value)));

/** How many groups of class, day, state and size regime there are, and how many of them differ. */
function compared(format: string, report: Report): string {
  const ours = ask(format, CELLS).map(lineOf);
  const theirs = new Set((JSON.parse(python('cells', format, report.schema, ...report.files).stdout) as unknown[][]).map(lineOf));
  const differ = ours.filter((line) => !theirs.has(line)).length + Math.max(0, theirs.size - ours.length);
  return `${differ} differences in ${ours.length} groups (${format === 'orc' ? 'pyarrow' : 'DuckDB'})`;
}

/** Bytes a row besides 16 for every version id and ETag in hex. */
function bytesPerRow(name: string, rows: number): string {
  const [[ids, eTags] = [0, 0]] = ask(name, 'SELECT sum(length(version_id) = 32), count(etag) FROM objects');
  return ((statSync(indexOf(name)).size - 16 * (Number(ids) + Number(eTags))) / rows).toFixed(1);
}

type Task = readonly [name: string, go: () => Account];

function bench(rows: number): void {
  const csv = sample(rows);
  const parquet = hasPython ? converted(csv, 'parquet') : undefined;
  const orc = hasPython ? converted(csv, 'orc') : undefined;
  const peers: readonly Task[] = [
    ['DuckDB, GROUP BY alone', () => python('group', csv.schema, ...csv.files)],
    [
      'DuckDB, full table',
      () => {
        rmSync(indexOf('duck'), { force: true });
        return python('table', csv.schema, indexOf('duck'), ...csv.files);
      },
    ],
  ];
  const naive: Task = [
    'an INSERT a line',
    () => {
      rmSync(indexOf('naive'), { force: true });
      return node('--input-type=module', '--eval', NAIVE, '--', indexOf('naive'), csv.schema, ...csv.files);
    },
  ];
  const tasks: readonly Task[] = [
    ['gunzip only', () => node('--input-type=module', '--eval', GUNZIP, '--', ...csv.files)],
    ['scan --no-classify', () => scan(csv, 'plain', '--no-classify')],
    ['scan', () => scan(csv, 'csv')],
    ...(parquet === undefined ? [] : [['scan, Parquet', () => scan(parquet, 'parquet')] as const]),
    ...(orc === undefined ? [] : [['scan, ORC', () => scan(orc, 'orc')] as const]),
    ...(hasPython ? peers : []),
  ];
  const found = new Map<string, Account[]>(tasks.map(([name]) => [name, []]));
  for (let i = 0; i < runs; i++) for (const [name, go] of tasks) found.get(name)?.push(go());
  if (!values.quick) found.set(naive[0], [naive[1]()]);

  say(`\n${rows} rows, medians of ${runs} runs in turn, whole processes\n`);
  say('| what | CPU s | of gunzip | of scan | wall s | peak RSS MiB |\n|---|---|---|---|---|---|');
  const cpu = (name: string): number => median(found.get(name) ?? [], ({ cpuMs }) => cpuMs) / 1000;
  for (const [name, accounts] of found) {
    const own = cpu(name);
    const wall = (median(accounts, ({ wallMs }) => wallMs) / 1000).toFixed(2);
    const rss = Math.max(...accounts.map(({ rssMib }) => rssMib)).toFixed(0);
    say(
      `| ${name} | ${own.toFixed(2)} | ${(own / cpu('gunzip only')).toFixed(2)}x | ${(own / cpu('scan')).toFixed(2)}x | ${wall} | ${rss} |`,
    );
  }
  say(
    `\nindex: ${(statSync(indexOf('csv')).size / rows).toFixed(1)} bytes a row, ${bytesPerRow('csv', rows)} besides 16 for each id in hex`,
  );
  if (!hasPython) say(`${values.python} has no duckdb and pyarrow: DuckDB, Parquet, ORC and the independent readers are left out`);
  for (const [format, report] of [
    ['csv', csv],
    ['parquet', parquet],
    ['orc', orc],
  ] as const)
    if (hasPython && report !== undefined) say(`${format}: ${compared(format, report)}`);
}

try {
  for (const rows of [Number(values.rows), ...(values.large ? [5_000_000, 50_000_000] : [])]) {
    bench(rows);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
