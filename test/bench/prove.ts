/**
 * `npm run bench -- prove`: statements about 1,000 rules for every key there can be, beside reading the rules once from JSON; and about
 * the versions of a large snapshot, beside one pass over its cells. In one process, as the engine decides them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { ROOT } from '../../scripts/steps.ts';
import { LifecycleConfigurationSchema, type Rule } from '../../src/contract/lifecycle.ts';
import { ProofFactsSchema, type StatementIn, StatementSchema } from '../../src/contract/prove.ts';
import { runProofs } from '../../src/main/engine/prove-run.ts';
import { openIndex } from '../../src/main/index/reader.ts';

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '1000' },
    rows: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '5' },
  },
});
const [rules, rows, runs] = [Number(values.rules), Number(values.rows), Number(values.runs)];

const PLACES = ['datasets/', 'checkpoints/', 'experiments/', 'logs/', 'models/', 'features/'];
/** Rules as a large bucket has them: many prefixes, nested ones, tags, sizes, every action. */
function ruleAt(at: number): Rule {
  const team = PLACES[at % PLACES.length] as string;
  const prefix = at % 3 === 0 ? team : at % 3 === 1 ? `${team}project-${at % 97}/` : `${team}project-${at % 97}/run-${at}/`;
  const Filter =
    at % 5 === 0
      ? { And: { Prefix: prefix, Tags: [{ Key: 'keep', Value: String(at % 7) }] } }
      : at % 5 === 1
        ? { And: { Prefix: prefix, ObjectSizeGreaterThan: 1000 * (at % 11), ObjectSizeLessThan: 1_000_000 + at } }
        : { Prefix: prefix };
  const actions: readonly Partial<Rule>[] = [
    { Expiration: { Days: 30 + (at % 700) } },
    { NoncurrentVersionExpiration: { NoncurrentDays: 1 + (at % 60), NewerNoncurrentVersions: at % 4 } },
    { Transitions: [{ Days: 30 + (at % 200), StorageClass: 'GLACIER_IR' }] },
    { Expiration: { Days: 400 + (at % 99) }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
  ];
  return { ID: `rule ${at}`, Status: at % 29 === 0 ? 'Disabled' : 'Enabled', Filter, ...(actions[at % 4] as Partial<Rule>) };
}

const statements: readonly StatementIn[] = [
  { id: 'kept', kind: 'kept', scope: { prefix: 'datasets/' }, until: { ageDays: 365 } },
  { id: 'kept, whole bucket', kind: 'kept', scope: { prefix: '' }, until: { ageDays: 20 } },
  { id: 'gone', kind: 'gone', scope: { prefix: 'logs/' }, by: { ageDays: 3650 } },
  { id: 'untouched', kind: 'untouched', scope: { prefix: 'archive/' } },
  { id: 'locked', kind: 'locked', scope: { prefix: 'models/' }, until: { ageDays: 30 } },
  { id: 'within', kind: 'within', scope: { prefix: 'checkpoints/' }, minDays: 30, maxDays: 900 },
];

const facts = v.parse(ProofFactsSchema, {
  versioning: 'enabled',
  objectLock: 'none',
  replication: 'none',
  minimumSize: 'all_storage_classes_128K',
});
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
function timed<T>(run: () => T): { readonly ms: number; readonly value: T } {
  const begun = performance.now();
  const value = run();
  return { ms: performance.now() - begun, value };
}
const line = (...cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);

const configuration = { Rules: Array.from({ length: rules }, (_, at) => ruleAt(at)) };
const text = JSON.stringify(configuration);
const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-prove-'));
try {
  const signal = new AbortController().signal;
  const decide = (statement: StatementIn, index?: string, { Rules } = configuration) => {
    const asked = v.parse(StatementSchema, { ...statement, covers: index === undefined ? 'any' : 'existing' });
    const proved = runProofs(
      { configuration: { Rules }, facts, statements: [asked], index, ...(index === undefined ? { asOf: '2026-11-20' } : {}) },
      new Date(0),
      signal,
    );
    if (!proved.ok) throw new Error(proved.error.message);
    return proved.value.run.proofs[0]?.verdict ?? '';
  };
  const parse = median(Array.from({ length: runs }, () => timed(() => v.parse(LifecycleConfigurationSchema, JSON.parse(text))).ms));
  line('any key', `${rules} rules, ms`, 'beside reading them', 'answer');
  line('---', '---:', '---:', '---');
  for (const statement of statements) {
    const took = Array.from({ length: runs }, () => timed(() => decide(statement)));
    const ms = median(took.map((one) => one.ms));
    line(
      statement.id,
      `${ms.toFixed(1)} (most ${Math.max(...took.map((one) => one.ms)).toFixed(1)})`,
      `${(ms / parse).toFixed(1)} x`,
      took[0]?.value ?? '',
    );
  }
  const [report, index] = [join(folder, 'report'), join(folder, 'x.db')];
  const cli = join('src', 'main', 'cli', 'index.ts');
  for (const args of [
    ['sample', '--out', report, '--versions', String(rows), '--seed', '7'],
    ['scan', report, '--index', index],
  ]) {
    const done = spawnSync(process.execPath, [cli, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ISOTHERM_HOME: join(folder, 'home') },
    });
    if (done.status !== 0) throw new Error(done.stderr);
  }
  const opening = timed(() => {
    const reader = openIndex(index);
    const id = reader.ok ? (reader.value.snapshots()[0]?.snapshotId ?? '') : '';
    const cube = reader.ok ? reader.value.cube(id) : null;
    if (cube === null || !cube.ok) throw new Error('no cube');
    return cube.value;
  });
  const cube = opening.value;
  const pass = (): number => {
    let sum = 0;
    for (let cell = 0; cell < cube.cellCount; cell += 1) sum += (cube.count[cell] as number) * ((cube.clockDay[cell] as number) & 1);
    return sum;
  };
  const floor = median(Array.from({ length: runs }, () => timed(pass).ms));
  process.stdout.write(
    `\n${rows} rows, ${cube.cellCount} cells; the first question opens the index in ${opening.ms.toFixed(0)} ms; one pass over the cells ${floor.toFixed(1)} ms\n\n`,
  );
  const whole = statements.map((one): StatementIn => ({ ...one, scope: { prefix: '' } }));
  // Twenty rules that no size cuts are told by cells alone; among many, sizes cut cells and their rows have to be read.
  const few = { Rules: configuration.Rules.filter((_rule, at) => at % 5 > 1).slice(0, 20) };
  for (const [rulesThere, times] of [
    [few, runs],
    [configuration, 1],
  ] as const) {
    line('existing versions', `${rulesThere.Rules.length} rules, ms`, 'beside one pass', 'answer');
    line('---', '---:', '---:', '---');
    for (const statement of whole) {
      const took = Array.from({ length: times }, () => timed(() => decide(statement, index, rulesThere)));
      const ms = median(took.map((one) => one.ms));
      line(
        statement.id,
        `${ms.toFixed(1)} (most ${Math.max(...took.map((one) => one.ms)).toFixed(1)})`,
        `${(ms / floor).toFixed(1)} x`,
        took[0]?.value ?? '',
      );
    }
    process.stdout.write('\n');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
