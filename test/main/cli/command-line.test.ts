import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { METHOD_NAMES } from '../../../src/contract/methods.ts';
import { VERBS } from '../../../src/main/cli/verbs/index.ts';
import { temporaryDir } from '../../transports/transports.ts';

const bin = fileURLToPath(new URL('../../../bin/isotherm', import.meta.url));
const dir = temporaryDir();
afterAll(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly errors: string;
}

function isotherm(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ISOTHERM_HOME: join(dir, 'home') };
    execFile(process.execPath, [bin, ...args], { cwd: dir, env, timeout: 60_000 }, (cause, out, errors) => {
      resolve({ status: typeof cause?.code === 'number' ? cause.code : cause ? -1 : 0, out, errors });
    });
  });
}
const errorOf = (ended: Ended) => (JSON.parse(ended.out) as { error: { code: string; message: string; next: string } }).error;

test('every method of the map has its verb', () => {
  const covered = VERBS.flatMap((verb) => verb.methods);
  expect([...covered].sort()).toEqual([...METHOD_NAMES].sort());
  const names = VERBS.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('--version and --help answer on standard output', async () => {
  const version = await isotherm('--version');
  expect(version).toMatchObject({ status: 0, errors: '' });
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = await isotherm('--help');
  for (const verb of VERBS) expect(help.out).toContain(`  ${verb.name} `);
});

test.each(VERBS.map((verb) => verb.name))('%s --help shows how it is written, whatever else is missing', async (name) => {
  const help = await isotherm(name, '--help');
  expect(help).toMatchObject({ status: 0, errors: '' });
  expect(help.out).toContain(`Usage: isotherm ${name}`);
  expect(help.out).toContain('--json');
});

describe('usage', () => {
  test.each([
    ['an unknown verb', ['frobnicate'], 'frobnicate'],
    ['an unknown flag', ['summary', '--index', 'x', '--wat'], '--wat'],
    ['a missing required flag', ['summary'], '--index'],
    ['a flag without its value', ['summary', '--index'], '--index'],
    ['a value that is not among the choices', ['summary', '--index', 'x', '--by', 'colour'], 'colour'],
    ['a number that is none', ['sample', '--out', 'd', '--versions', '1e5'], '1e5'],
    ['a word too many', ['summary', 'extra', '--index', 'x'], 'extra'],
    ['a scan of nothing', ['scan', '--index', 'x'], '--list'],
    ['a scan of two things', ['scan', 'here', '--list', 's3://there', '--index', 'x'], 'here'],
    ['apply without a hash', ['apply', 'plan.json'], '--hash'],
    ['sample with versions but no folder', ['sample', '--versions', '5'], '--out'],
    ['a port out of range', ['serve', '--port', '70000'], '65535'],
    ['a number the engine refuses', ['sample', '--out', 'd', '--versions', '0'], 'versions'],
  ])('%s ends with status 2, words on stderr, and the same failure as JSON', async (_words, args, named) => {
    const plain = await isotherm(...args);
    expect(plain.status).toBe(2);
    expect(plain.out).toBe('');
    expect(plain.errors).toContain(named);
    const json = await isotherm(...args, '--json');
    expect(json.status).toBe(2);
    expect(errorOf(json)).toMatchObject({ code: 'Usage', next: expect.stringContaining('--help') });
  });
});

describe('input', () => {
  test('an index that is not there ends with status 3', async () => {
    const ended = await isotherm('summary', '--index', 'none.db', '--json');
    expect(ended.status).toBe(3);
    expect(errorOf(ended).code).toBe('IndexNotFound');
    expect(existsSync(join(dir, 'none.db'))).toBe(false);
  });

  test.each([
    ['not there', undefined, 'FileUnreadable'],
    ['not JSON', '{', 'PolicyInvalid'],
    ['not a configuration', '{"Rules":[{"Status":"Perhaps"}]}', 'PolicyInvalid'],
  ])('a policy file that is %s ends with status 3 and names the file', async (_words, text, code) => {
    const file = join(dir, 'policy.json');
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text);
    const ended = await isotherm('simulate', '--index', 'x.db', '--policy', file, '--json');
    expect(ended.status).toBe(3);
    expect(errorOf(ended)).toMatchObject({ code, file });
  });

  test('a plan that is none ends with status 3', async () => {
    writeFileSync(join(dir, 'plan.json'), '{"format":"something else"}');
    const ended = await isotherm('apply', 'plan.json', '--hash', 'abc', '--json');
    expect(ended.status).toBe(3);
    expect(errorOf(ended)).toMatchObject({ code: 'PlanInvalid' });
  });
});

describe('the sample, end to end', () => {
  const rows = 3000;
  const out = join(dir, 'report');
  const index = join(dir, 'x.db');

  test('sample, scan and summary agree to the byte', async () => {
    const sample = await isotherm('sample', '--out', out, '--versions', String(rows), '--seed', '7', '--json');
    expect(sample.status, sample.errors).toBe(0);
    const truth = JSON.parse(sample.out) as Record<string, unknown> & {
      rows: number;
      versions: number;
      bytes: number;
      deleteMarkers: number;
    };
    expect(truth).toEqual(JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')));
    expect(truth.rows).toBe(rows);

    const scan = await isotherm('scan', out, '--index', index, '--json');
    expect(scan.status, scan.errors).toBe(0);
    const { rows: scanned, versions, deleteMarkers, bytes } = truth;
    const report = JSON.parse(scan.out) as Record<string, unknown>;
    expect(report).toMatchObject({ rows: scanned, versions, deleteMarkers, bytes, unchanged: false });
    expect(Object.keys(report).sort()).toEqual(
      ['snapshotId', 'source', 'rows', 'versions', 'deleteMarkers', 'bytes', 'seconds', 'coverage', 'warnings', 'unchanged'].sort(),
    );

    for (const by of ['category', 'storageClass', 'age', 'prefix', 'state']) {
      const summary = await isotherm('summary', '--index', index, '--by', by, '--json');
      expect(summary.status, summary.errors).toBe(0);
      const { totals, groups, asOf } = JSON.parse(summary.out) as {
        totals: { versions: number; deleteMarkers: number; bytes: number; monthlyNanoUsd: string };
        groups: { bytes: number; versions: number }[];
        asOf: string;
      };
      expect(totals).toMatchObject({ versions, deleteMarkers, bytes });
      expect(totals.monthlyNanoUsd).toMatch(/^\d+$/);
      expect(groups.reduce((sum, group) => sum + group.bytes, 0)).toBe(bytes);
      expect(asOf).toMatch(/Z$/);
    }
    const again = await isotherm('scan', out, '--index', index, '--json');
    expect(JSON.parse(again.out)).toMatchObject({ unchanged: true, snapshotId: report.snapshotId });
  });

  test('recommend writes the bare configuration and simulate takes it', async () => {
    const policy = join(dir, 'ml.json');
    const recommended = await isotherm('recommend', '--index', index, '--preset', 'ml-basics', '-o', policy, '--json');
    expect(recommended.status, recommended.errors).toBe(0);
    const written = JSON.parse(readFileSync(policy, 'utf8')) as { Rules: unknown[] };
    expect(Object.keys(written)).toEqual(['Rules']);
    expect((JSON.parse(recommended.out) as { policy: unknown }).policy).toEqual(written);
    const simulated = await isotherm('simulate', '--index', index, '--policy', policy, '--months', '12', '--json');
    expect(simulated.status, simulated.errors).toBe(0);
    expect((JSON.parse(simulated.out) as { months: unknown[] }).months).toHaveLength(12);
  });

  test('a policy that cannot be written leaves nothing behind', async () => {
    const ended = await isotherm('recommend', '--index', index, '-o', join(dir, 'no', 'such', 'folder.json'), '--json');
    expect(ended.status).toBe(3);
    expect(errorOf(ended).code).toBe('FileUnwritable');
    expect(existsSync(join(dir, 'no'))).toBe(false);
  });

  test('words for people come on standard output without --json', async () => {
    for (const args of [
      ['summary', '--index', index],
      ['snapshots', '--index', index],
      ['tree', '--index', index],
      ['map', '--index', index],
      ['info'],
    ]) {
      const ended = await isotherm(...args);
      expect(ended.status, ended.errors).toBe(0);
      expect(ended.out.split('\n').length).toBeGreaterThan(2);
      expect(() => JSON.parse(ended.out)).toThrow();
    }
  });
});

test('a data folder of its own keeps the journal of other users apart', async () => {
  mkdirSync(join(dir, 'home'), { recursive: true });
  const ended = await isotherm('journal', '--json');
  expect(ended).toMatchObject({ status: 0, out: '[]\n' });
});
