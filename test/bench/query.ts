/**
 * `npm run bench -- query`: how long the window's questions take over a sample of 5 million versions, asked of the engine thread as the
 * window asks, over directories all through the tree. Each is asked once beforehand, because the first question of all opens the index. Other
 * programs on the machine make a question wait; CPU time says what it took.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runNode } from '../../scripts/steps.ts';
import { DIMENSIONS } from '../../src/contract/index-views.ts';
import type { MethodName, ParamsIn, ResultOf } from '../../src/contract/methods.ts';
import type { Result } from '../../src/contract/result.ts';
import { createClient } from '../../src/core/wire/client.ts';
import { startEngineThread } from '../../src/main/engine/thread-host.ts';
import { openIndex } from '../../src/main/index/reader.ts';
import { shellSettings } from '../../src/main/shell/settings.ts';

const { values } = parseArgs({
  options: { versions: { type: 'string', default: '5000000' }, index: { type: 'string' }, times: { type: 'string', default: '60' } },
});
const times = Number(values.times);
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-query-'));
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
  }
  rmSync(report, { recursive: true, force: true });
  return index;
}

/** Directories evenly spread over the tree, and a key of each that has one. */
function places(index: string): { readonly rows: number; readonly prefixes: readonly string[]; readonly keys: readonly string[] } {
  const reader = must(openIndex(index));
  const { snapshotId, rows } = must(reader.snapshot(undefined));
  const { tree } = must(reader.cube(snapshotId));
  const step = Math.max(1, Math.floor(tree.count / times));
  const directories = Array.from({ length: times }, (_, i) => (i * step) % tree.count);
  const keys = directories.flatMap((directory) => {
    const versions = must(reader.versionsIn(snapshotId, directory));
    return versions.rows > 0 ? [tree.path(directory) + versions.name(0)] : [];
  });
  return { rows, prefixes: directories.map((directory) => tree.path(directory)), keys };
}

const host = startEngineThread(shellSettings());
try {
  const index = values.index ?? (await madeIndex());
  const { rows, prefixes, keys } = places(index);
  const client = createClient(host.connect());
  const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

  async function row<M extends MethodName>(what: string, method: M, limitMs: number, params: (i: number) => ParamsIn<M>): Promise<void> {
    const walls: number[] = [];
    const cpus: number[] = [];
    for (let i = -1; i < times; i += 1) {
      const [begun, before] = [performance.now(), process.cpuUsage()];
      must((await client.call(method, params(Math.max(0, i)))) as Result<ResultOf<M>>);
      if (i < 0) continue;
      const { user, system } = process.cpuUsage(before);
      walls.push(performance.now() - begun);
      cpus.push((user + system) / 1000);
    }
    const share = (of: number[], part: number): number => of.sort((x, y) => x - y)[Math.min(times - 1, Math.floor(times * part))] as number;
    const figures = [share(cpus, 0.5), share(cpus, 0.95), share(walls, 0.5), share(walls, 0.95), share(walls, 1)].map((ms) =>
      ms.toFixed(1),
    );
    process.stdout.write(`| ${what} | ${figures.join(' | ')} | ${limitMs} |\n`);
  }

  process.stdout.write(`\n${rows.toLocaleString('en-US')} rows, ${times} times each\n\n`);
  process.stdout.write(
    '| question | CPU p50 ms, all threads | CPU p95 ms | p50 ms | p95 ms | worst ms | bound ms |\n|---|---:|---:|---:|---:|---:|---:|\n',
  );
  await row('totals by a dimension', 'index.summary', 50, (i) => ({ index, by: at(DIMENSIONS, i) }));
  await row('totals of a prefix', 'index.summary', 50, (i) => ({ index, by: 'category', prefix: at(prefixes, i) }));
  await row('ages', 'index.ages', 50, (i) => ({ index, prefix: at(prefixes, i) }));
  await row('treemap, children of a directory', 'map.tiles', 5, (i) => ({ index, prefix: at(prefixes, i), areaPx: 1_000_000 }));
  await row('treemap, whole bucket', 'map.tiles', 50, () => ({ index, prefix: '', areaPx: 1_000_000 }));
  await row('a directory, largest first', 'tree.children', 50, (i) => ({ index, prefix: at(prefixes, i) }));
  await row('a directory by name, second page', 'tree.children', 50, (i) => ({
    index,
    prefix: at(prefixes, i),
    sort: 'name',
    offset: 100,
  }));
  await row('top units', 'units.list', 50, () => ({ index, limit: 50 }));
  await row('one object', 'objects.show', 50, (i) => ({ index, key: at(keys, i) }));
  await row('keys as they are typed', 'objects.search', 100, (i) => ({ index, text: at(keys, i).slice(-9, -3) }));
  await row('keys that are nowhere', 'objects.search', 100, (i) => ({ index, text: `no-such-key-${i}` }));
} finally {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
