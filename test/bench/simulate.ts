/**
 * `npm run bench -- simulate`: how long questions to the lifecycle engine take over a sample of 5 million versions and 20 rules, asked of
 * the engine thread as the window asks: a threshold moved, a prefix changed, the whole simulation. Beside them the floor: one plain pass
 * over the cells of the same index.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runNode } from '../../scripts/steps.ts';
import type { LifecycleConfiguration } from '../../src/contract/lifecycle.ts';
import type { Result } from '../../src/contract/result.ts';
import { createClient } from '../../src/core/wire/client.ts';
import { startEngineThread } from '../../src/main/engine/thread-host.ts';
import { openIndex } from '../../src/main/index/reader.ts';
import { shellSettings } from '../../src/main/shell/settings.ts';

const { values } = parseArgs({
  options: { versions: { type: 'string', default: '5000000' }, rules: { type: 'string', default: '20' }, index: { type: 'string' } },
});
const ruleCount = Number(values.rules);
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-simulate-'));
const cli = join('src', 'main', 'cli', 'index.ts');
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};

async function madeIndex(): Promise<string> {
  const [report, index] = [join(folder, 'report'), join(folder, 'bench.db')];
  for (const args of [
    ['sample', '--out', report, '--versions', values.versions, '--seed', '7', '--json'],
    ['scan', report, '--index', index, '--json'],
  ]) {
    if (!(await runNode([cli, ...args], { timeoutMs: 30 * 60_000 }))) throw new Error(`isotherm ${args[0]} failed`);
    process.stdout.write('\n');
  }
  rmSync(report, { recursive: true, force: true });
  return index;
}

/** Directories of a depth with the most cells below them. */
function largest(index: string, count: number): { readonly prefixes: readonly string[]; readonly floorMs: number; readonly cells: number } {
  const reader = must(openIndex(index));
  const { cellStart, tree, bytes, count: counts, cellCount } = must(reader.cube(must(reader.snapshot(undefined)).snapshotId));
  const found: { path: string; cells: number }[] = [];
  for (let directory = 0; directory < tree.count; directory += 1) {
    const path = tree.path(directory);
    if (path.split('/').length !== 3) continue;
    found.push({ path, cells: (cellStart[tree.subtreeEnd[directory] as number] ?? 0) - (cellStart[directory] ?? 0) });
  }
  const floors = Array.from({ length: 9 }, () => {
    const begun = performance.now();
    let sum = 0;
    for (let cell = 0; cell < cellCount; cell += 1) sum += (bytes[cell] as number) + (counts[cell] as number);
    return { ms: performance.now() - begun, sum };
  });
  const prefixes = found.sort((a, b) => b.cells - a.cells).map(({ path }) => path);
  return { prefixes: prefixes.slice(0, count), floorMs: median(floors.map(({ ms }) => ms)), cells: cellCount };
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** The first rule is about the whole bucket: its threshold moves every version there is. */
const policyOf = (prefixes: readonly string[], days: number): LifecycleConfiguration => ({
  Rules: ['', ...prefixes].slice(0, ruleCount).map((Prefix, at) => ({
    ID: `r${at}`,
    Status: 'Enabled',
    Filter: { Prefix },
    Transitions: [
      { Days: 30 + at + (at === 0 ? days : 0), StorageClass: 'STANDARD_IA' },
      { Days: 400 + at, StorageClass: 'DEEP_ARCHIVE' },
    ],
    Expiration: { Days: 900 + at },
    NoncurrentVersionExpiration: { NoncurrentDays: 30 + at },
  })),
});

/** Other programs on the machine make a question wait; CPU time says what it took. */
interface Time {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const host = startEngineThread(shellSettings());
try {
  const index = values.index ?? (await madeIndex());
  const { prefixes, floorMs, cells } = largest(index, ruleCount + 12);
  const own = prefixes.slice(0, ruleCount - 1);
  const client = createClient(host.connect());
  const timed = async (method: 'policy.whatIf' | 'policy.simulate', policy: LifecycleConfiguration): Promise<Time> => {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    must(await client.call(method, { index, policy, region: 'us-east-1', months: 12 }));
    const { user, system } = process.cpuUsage(before);
    return { wallMs: performance.now() - begun, cpuMs: (user + system) / 1000 };
  };
  const times = async (count: number, ask: (at: number) => Promise<Time>): Promise<Time[]> => {
    const found: Time[] = [];
    for (let at = 0; at < count; at += 1) found.push(await ask(at));
    return found;
  };
  const row = (what: string, found: readonly Time[], limit: string): void => {
    const walls = found.map(({ wallMs }) => wallMs);
    const cpuMs = median(found.map((one) => one.cpuMs));
    const figures = [cpuMs, median(walls), Math.max(...walls), cpuMs / floorMs].map((figure) => figure.toFixed(1));
    process.stdout.write(`| ${what} | ${figures.join(' | ')} | ${limit} |\n`);
  };
  process.stdout.write(
    `\n${Number(values.versions).toLocaleString('en-US')} versions in ${cells.toLocaleString('en-US')} cells, ${ruleCount} rules\n\n`,
  );
  process.stdout.write(
    '| question | CPU ms, all threads | ms | worst ms | passes over the cells | bound ms |\n|---|---:|---:|---:|---:|---:|\n',
  );
  row('one pass over the cells', [{ wallMs: floorMs, cpuMs: floorMs }], '');
  row('first question', await times(1, () => timed('policy.whatIf', policyOf(own, 0))), '');
  await times(10, (at) => timed('policy.whatIf', policyOf(own, 100 + at)));
  row('a threshold of all versions moved', await times(60, (at) => timed('policy.whatIf', policyOf(own, at + 1))), '16');
  const swapped = (at: number): string[] => own.map((prefix, rule) => (rule === 3 ? (prefixes[own.length + (at % 12)] as string) : prefix));
  row('a prefix changed', await times(12, (at) => timed('policy.whatIf', policyOf(swapped(at), 0))), '250');
  const cut = (at: number): string[] => own.map((prefix, rule) => (rule === 3 ? prefix.slice(0, -1 - (at % 3)) : prefix));
  row('a prefix cut short inside a name', await times(3, (at) => timed('policy.whatIf', policyOf(cut(at), 0))), '250');
  row('the whole simulation, with its range', await times(3, (at) => timed('policy.simulate', policyOf(own, at))), '');
} finally {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
