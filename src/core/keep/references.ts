import type { Pin } from '../../contract/unit-views.ts';
import { compileGlob } from '../classify/glob.ts';
import { LOCKED_FOR_EVER } from '../cube/cube.ts';
import type { PointerFacts } from '../pointers/pointer-file.ts';
import { keyOf, resolvePointer, type Target, Targets } from '../pointers/resolve.ts';
import type { TrackerExport, TrackerRun } from '../pointers/tracker.ts';
import { formatDay } from '../report/format.ts';
import { runOf } from '../units/paths.ts';
import type { Group, Unit } from '../units/unit-builder.ts';
import type { Reference } from './member.ts';

export interface ReadPointer {
  readonly key: string;
  /** Of the file when it was read. */
  readonly lastModifiedMs: number;
  readonly facts: PointerFacts | null;
}

export interface NamedTracker extends TrackerExport {
  readonly name: string;
}

/** Everything outside a keep policy that can hold a unit, or says something of it. */
export interface ReferenceInput {
  readonly bucket: string;
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
  readonly asOfDay: number;
  lockedUntilDay(unit: number): number | null;
  readonly pins: readonly Pin[];
  readonly pointers: readonly ReadPointer[];
  readonly trackers: readonly NamedTracker[];
}

export interface References {
  of(unit: number): readonly Reference[];
  metrics(unit: number): ReadonlyMap<string, number>;
  /** What a tracker says of a run; null where it says nothing, or nothing against it. */
  runState(unit: number): RunState | null;
  /** Pointer files that name a checkpoint that is not here. */
  readonly dangling: readonly { readonly key: string; readonly says: string }[];
  /** What a tracker knows and the bucket does not hold, and the other way round; only for experiments that an export covers. */
  readonly orphans: { readonly bytesWithoutRun: readonly number[]; readonly runsWithoutBytes: readonly OrphanRun[] };
}

/** orphan: its tracker knows of runs beside it, and not of this one. */
export type RunState = 'deleted' | 'failed' | 'orphan';

export interface OrphanRun {
  readonly tracker: string;
  readonly id: string;
  readonly name: string;
  readonly uri: string;
}

const targetOf = (unit: Unit, groups: readonly Group[]): Target => ({
  unit: unit.unit,
  path: unit.path,
  name: unit.name,
  run: (groups[unit.group] as Group).path,
  step: unit.step,
});
const NONE: readonly Reference[] = [];
const NO_METRICS: ReadonlyMap<string, number> = new Map();

/** Finds what holds each unit. A glob that cannot be read holds nothing: they are checked before they are stored. */
export function referencesOf(input: ReferenceInput): References {
  const { units, groups } = input;
  const references = new Map<number, Reference[]>();
  const metrics = new Map<number, Map<string, number>>();
  const add = (unit: number, reason: Reference['reason'], source: string): void => {
    const own = references.get(unit);
    if (own === undefined) references.set(unit, [{ reason, source }]);
    else if (!own.some((other) => other.reason === reason && other.source === source)) own.push({ reason, source });
  };
  const measure = (unit: number, name: string, value: number): void => {
    const own = metrics.get(unit) ?? new Map<string, number>();
    own.set(name, value);
    metrics.set(unit, own);
  };

  for (const unit of units) {
    const day = input.lockedUntilDay(unit.unit);
    if (day !== null)
      add(unit.unit, 'locked', day === LOCKED_FOR_EVER ? 'under a legal or event hold' : `under Object Lock until ${formatDay(day)}`);
  }
  const pins = input.pins.flatMap(({ glob, note }) => {
    const compiled = compileGlob(glob);
    return compiled.ok ? [{ glob: compiled.value, words: `pinned by ${glob}${note === '' ? '' : `: ${note}`}` }] : [];
  });
  for (const { glob, words } of pins) {
    for (const { unit, path } of units)
      if (path.startsWith(glob.prefix.slice(0, path.length)) && isPinned(glob, path)) add(unit, 'pinned', words);
  }

  const isAsked = input.pointers.length > 0 || input.trackers.length > 0;
  const targets = new Targets(isAsked ? units.map((unit) => targetOf(unit, groups)) : []);
  const dangling: { key: string; says: string }[] = [];
  for (const { key, facts } of input.pointers) {
    if (facts === null) continue;
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const pointed = resolvePointer(facts, key, runAt(folder), targets);
    for (const { unit, source } of pointed.tracked) add(unit, 'tracked', source);
    for (const { unit, source } of pointed.best) add(unit, 'best', source);
    for (const { unit, name, value } of pointed.metrics) measure(unit, name, value);
    for (const says of pointed.dangling) dangling.push({ key, says });
  }
  const states = new Map<number, RunState>();
  const orphans = followTrackers(input, targets, states, add, measure);
  return {
    of: (unit) => references.get(unit) ?? NONE,
    metrics: (unit) => metrics.get(unit) ?? NO_METRICS,
    runState: (unit) => states.get(unit) ?? null,
    dangling,
    orphans,
  };

  /** trainer_state.json lies inside a checkpoint; its run is what holds that. */
  function runAt(folder: string): string {
    const inside = targets.atUri(folder).find(({ path }) => path === folder);
    return inside?.run ?? runOf(folder);
  }
}

/** A glob pins a directory unit where it matches its path with or without the last "/". */
const isPinned = (glob: { matches(key: string): boolean }, path: string): boolean =>
  glob.matches(path) || (path.endsWith('/') && (glob.matches(path.slice(0, -1)) || glob.matches(`${path}x`)));

function followTrackers(
  { trackers, units, groups, bucket }: ReferenceInput,
  targets: Targets,
  states: Map<number, RunState>,
  add: (unit: number, reason: Reference['reason'], source: string) => void,
  measure: (unit: number, name: string, value: number) => void,
): References['orphans'] {
  if (trackers.length === 0) return { bytesWithoutRun: [], runsWithoutBytes: [] };
  const byRunId = new Map<string, Unit[]>();
  for (const unit of units) {
    const id = trackerRunId(unit);
    if (id === null) continue;
    const own = byRunId.get(id);
    if (own) own.push(unit);
    else byRunId.set(id, [unit]);
  }
  const runsWithoutBytes: OrphanRun[] = [];
  const known = new Set<string>();
  const covered = new Set<string>();
  for (const { tracker, name: file, runs, models } of trackers) {
    const label = tracker === 'mlflow' ? 'MLflow' : 'Weights & Biases';
    for (const run of runs) {
      const own = byRunId.get(run.id) ?? [];
      for (const { group } of own) covered.add((groups[group] as Group).path);
      const found = run.artifactUri === null ? [] : targets.atUri(run.artifactUri, bucket);
      const all = [...new Set([...own.map(({ unit }) => unit), ...found.map(({ unit }) => unit)])];
      if (run.state !== 'deleted') known.add(run.id);
      if (run.state === 'deleted' || run.state === 'failed') for (const { unit } of own) states.set(unit, run.state);
      if (all.length === 0 && run.artifactUri !== null && keyOf(run.artifactUri, bucket) !== null && /^s3/.test(run.artifactUri)) {
        runsWithoutBytes.push({ tracker, id: run.id, name: run.name, uri: run.artifactUri });
      }
      if (run.state === 'open') for (const unit of all) add(unit, 'openRun', `${label} run ${titleOf(run)} is open (${file})`);
      for (const from of run.startedFrom) {
        for (const { unit } of targets.atUri(from, bucket))
          add(unit, 'resumedFrom', `${label} run ${titleOf(run)} started from "${from}" (${file})`);
      }
      for (const { name, value, step } of run.metrics) {
        if (step === null) continue;
        for (const unit of all) for (const at of checkpointsIn(targets, units, unit, step)) measure(at, name, value);
      }
    }
    for (const model of models) {
      const words = `${label} registers ${model.name} ${model.version}${model.aliases.length > 0 ? ` as ${model.aliases.join(', ')}` : ''} (${file})`;
      const own = model.runId === null || model.uris.length > 0 ? [] : (byRunId.get(model.runId) ?? []).map(({ unit }) => unit);
      for (const unit of [...own, ...model.uris.flatMap((uri) => targets.atUri(uri, bucket).map((target) => target.unit))])
        add(unit, 'registered', words);
    }
  }
  const bytesWithoutRun = [...byRunId].flatMap(([id, own]) =>
    known.has(id) ? [] : own.filter(({ group, files }) => files > 0 && covered.has((groups[group] as Group).path)).map(({ unit }) => unit),
  );
  for (const unit of bytesWithoutRun) if (!states.has(unit)) states.set(unit, 'orphan');
  return { bytesWithoutRun, runsWithoutBytes };
}

const titleOf = ({ id, name }: TrackerRun): string => (name === '' ? id : `${name} (${id})`);

/** The run id in the name of a run's directory: MLflow's 32 hex digits, W&B's last part. */
function trackerRunId({ kind, name }: Pick<Unit, 'kind' | 'name'>): string | null {
  if (kind !== 'experiment') return null;
  if (/^[0-9a-f]{32}$/.test(name)) return name;
  return /^(?:offline-)?run-\d{8}_\d{6}-([a-z0-9]{4,})$/.exec(name)?.[1] ?? null;
}

/** The unit itself where it is of the step, or the checkpoints of the step inside it. */
function checkpointsIn(targets: Targets, units: readonly Unit[], unit: number, step: number): number[] {
  const own = units[unit] as Unit;
  if (own.kind === 'checkpoint') return own.step === step ? [unit] : [];
  return targets
    .atUri(own.path)
    .filter((target) => target.step === step && (units[target.unit] as Unit).kind === 'checkpoint')
    .map((target) => target.unit);
}
