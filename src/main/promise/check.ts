import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { LifecycleConfiguration, MinimumSize } from '../../contract/lifecycle.ts';
import type { Params } from '../../contract/methods.ts';
import type { PromiseKept } from '../../contract/promise.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { type BilledClass, SUPERSEDED } from '../../core/cube/cube.ts';
import { extentsOf } from '../../core/cube/extents.ts';
import { MARKER, type PackedCube } from '../../core/cube/group.ts';
import type { RowBlock } from '../../core/cube/row-block.ts';
import { isSame, judge, promisedOf, type Standing, type Verdict, way } from '../../core/promise/judge.ts';
import { PromiseTally, type Stored } from '../../core/promise/tally.ts';
import { dayOf, formatDay } from '../../core/report/format.ts';
import { keyVersions } from '../../core/simulate/key-versions.ts';
import type { RunOptions } from '../../core/simulate/options.ts';
import { type ActiveRule, activeRules } from '../../core/simulate/rules.ts';
import { type KeyEvent, tellKey } from '../../core/simulate/timeline/key.ts';
import { matchTrees } from '../../core/snapshots/match-trees.ts';
import type { CallContext } from '../engine/handler.ts';
import { type Key, wholeKeys } from '../engine/whole-keys.ts';
import { type IndexReader, openIndex } from '../index/reader.ts';
import { choosePrices } from '../prices.ts';

const MOST_EXAMPLES = 20;
const CURRENT = VERSION_STATES.indexOf('current');
const GONE: Standing = { isGone: true, isCurrent: false, storageClass: '' };

type Asked = Params<'promise.check'>;

/** A version as the later snapshot has it. */
interface Found {
  readonly standing: Standing;
  readonly billed: BilledClass;
  readonly lastModifiedMs: number;
}

/** Looks up every version of an earlier snapshot in a later one. Usage where the two cannot be compared. */
export async function checkPromise(params: Asked, { environment, signal, progress }: CallContext): Promise<Result<PromiseKept>> {
  const opened = openIndex(params.index);
  if (!opened.ok) return opened;
  const reader = opened.value;
  const sides = sidesOf(reader, params);
  if (!sides.ok) return sides;
  const { from, to, putOnDay } = sides.value;
  const prices = await choosePrices(environment, params.region, to.region ?? from.region);
  if (!prices.ok) return prices;
  const [before, after] = [reader.cube(from.snapshotId), reader.cube(to.snapshotId)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  const versioning = params.versioning ?? (from.allVersions ? 'enabled' : 'unversioned');
  const options: RunOptions = { asOfDay: putOnDay, lagDays: 0, versioning, minimumSize: params.minimumSize, tags: 'none', tiers: 'stay' };
  const foresight = new Foresight(params.configuration, params.minimumSize, options, dayOf(Date.parse(to.asOf)), params.graceDays);
  const tally = new PromiseTally(prices.value.list);
  const examples: PromiseKept['examples'] = [];
  const { toOf } = matchTrees(before.value.tree, after.value.tree);
  let done = 0;
  for (const { range, keys } of wholeKeys(reader, from.snapshotId, before.value)) {
    signal.throwIfAborted();
    progress({ phase: 'Looking versions up', done, total: before.value.tree.count, current: '' });
    done = range.to;
    const found = foundIn(reader, to.snapshotId, after.value, toOf.subarray(range.from, range.to));
    if (!found.ok) return found;
    for (const key of keys) {
      const directory = toOf[key.block.directory[key.from] as number] as number;
      judgeKey(key, {
        cube: before.value,
        foresight,
        tally,
        examples,
        found: (id) => (directory < 0 ? undefined : found.value.get(`${directory}\n${id}`)),
      });
    }
  }
  const { list, assumed } = prices.value;
  const { unpriced, ...finished } = tally.finish(extentsOf(after.value), params.configuration?.Rules.map(({ ID }) => ID ?? null) ?? []);
  const tagged = activeRules(params.configuration).some(({ scope }) => scope.tags.length > 0);
  return ok({
    bucket: to.bucket,
    from: { snapshotId: from.snapshotId, asOf: from.asOf },
    to: { snapshotId: to.snapshotId, asOf: to.asOf },
    putOn: formatDay(putOnDay),
    graceDays: params.graceDays,
    versioning,
    prices: { region: list.region, asOf: list.asOf, assumed },
    ...finished,
    examples,
    warnings: [
      ...from.warnings,
      ...to.warnings.filter((warning) => !from.warnings.includes(warning)),
      ...(tagged
        ? ['Tags are in no snapshot: rules that filter by tags are taken to touch nothing, and what they did counts as changed otherwise.']
        : []),
      ...(unpriced.length === 0 ? [] : [`There is no price for ${unpriced.join(', ')}: what is in it is in no amount.`]),
      'Who removed a version cannot be told from an inventory: one that is gone counts as removed by the rule that was to remove it.',
    ],
  });
}

function sidesOf(
  reader: IndexReader,
  params: Asked,
): Result<{ readonly from: Snapshot; readonly to: Snapshot; readonly putOnDay: number }> {
  const from = reader.snapshot(params.from);
  if (!from.ok) return from;
  const to = reader.snapshot(params.to);
  if (!to.ok) return to;
  const putOnDay = dayOf(Date.parse(params.putOn ?? from.value.asOf));
  const usage = (message: string, next: string): Result<never> => err(appError('Usage', message, { next }));
  if (from.value.bucket !== to.value.bucket) return usage('The snapshots are of two buckets.', 'Name two of one bucket.');
  if (Date.parse(from.value.asOf) >= Date.parse(to.value.asOf))
    return usage('The snapshot of the forecast is not from before the other.', 'Scan a newer report first, or name an earlier snapshot.');
  if (from.value.prefix !== to.value.prefix || from.value.allVersions !== to.value.allVersions || to.value.coverage < 1)
    return usage(
      'The snapshots do not hold the same: other prefixes, other versions, or a listing that was refused in part.',
      'Name two snapshots of the same keys.',
    );
  if (putOnDay >= dayOf(Date.parse(to.value.asOf)))
    return usage('The configuration was not in force yet when the later snapshot was made.', 'Scan a report from a day after it was put.');
  return ok({ from: from.value, to: to.value, putOnDay });
}

const standingOf = (block: RowBlock, row: number, { storageClass }: BilledClass): Standing => {
  const isMarker = block.state[row] === MARKER;
  const isCurrent = block.state[row] === CURRENT || (isMarker && ((block.cubeFlags[row] as number) & SUPERSEDED) === 0);
  return { isGone: false, isCurrent, storageClass: isMarker ? '' : storageClass };
};

const idOf = (block: RowBlock, row: number): string => `${block.versionId(row) ?? ''}\n${block.name(row)}`;

/** Every version and marker of some directories of the later snapshot, by directory, version id and name. */
function foundIn(reader: IndexReader, snapshotId: string, cube: PackedCube, directories: Int32Array): Result<Map<string, Found>> {
  const found = new Map<string, Found>();
  for (const directory of directories) {
    if (directory < 0) continue;
    const read = reader.scan(snapshotId, { from: directory, to: directory + 1 }, (block) => {
      for (let row = 0; row < block.rows; row += 1) {
        if (block.directory[row] !== directory) continue;
        const billed = cube.classes[block.classId[row] as number] as BilledClass;
        found.set(`${directory}\n${idOf(block, row)}`, {
          standing: standingOf(block, row, billed),
          billed,
          lastModifiedMs: block.lastModifiedMs[row] as number,
        });
      }
    });
    if (!read.ok) return read;
  }
  return ok(found);
}

/** What rules were to do to the versions of a key, and by when. */
class Foresight {
  private readonly configuration: LifecycleConfiguration | null;
  private readonly minimumSize: MinimumSize;
  private readonly options: RunOptions;
  private readonly rules: readonly ActiveRule[];
  /** Configurations of the rules that reach a key alone, so that a key costs what its own rules cost. */
  private readonly parts = new Map<string, LifecycleConfiguration>();
  readonly certainDay: number;
  private readonly dueDay: number;

  constructor(
    configuration: LifecycleConfiguration | null,
    minimumSize: MinimumSize,
    options: RunOptions,
    dueDay: number,
    graceDays: number,
  ) {
    this.configuration = configuration;
    this.minimumSize = minimumSize;
    this.options = options;
    this.rules = activeRules(configuration);
    this.dueDay = dueDay;
    this.certainDay = dueDay - graceDays;
  }

  /** Events up to the day of the later snapshot, the places of rules those of the whole configuration. */
  events(key: string, { block, from, to }: Key, cube: PackedCube): readonly KeyEvent[] {
    const reached = this.rules.filter(({ scope }) => key.startsWith(scope.prefix)).map(({ index }) => index);
    if (reached.length === 0) return [];
    const id = reached.join();
    const part = this.parts.get(id) ?? { Rules: reached.map((index) => (this.configuration as LifecycleConfiguration).Rules[index]!) };
    this.parts.set(id, part);
    const configured = { configuration: part, minimumSize: this.minimumSize };
    const { versions, forMarkers } = keyVersions({ key, block, from, to, classes: cube.classes, configured, options: this.options });
    const events = tellKey(versions, forMarkers, { ...this.options, minimumSize: this.minimumSize }, this.dueDay + 1);
    return events.map((event) =>
      event.rule === null ? event : { ...event, rule: { ...event.rule, index: reached[event.rule.index] as number } },
    );
  }
}

interface Judging {
  readonly cube: PackedCube;
  readonly foresight: Foresight;
  readonly tally: PromiseTally;
  readonly examples: PromiseKept['examples'];
  found(id: string): Found | undefined;
}

function judgeKey(key: Key, { cube, foresight, tally, examples, found }: Judging): void {
  const { block, from, to } = key;
  const name = `${cube.tree.path(block.directory[from] as number)}${block.name(from)}`;
  const events = foresight.events(name, key, cube);
  const certain = events.filter(({ day }) => day <= foresight.certainDay);
  for (let row = from; row < to; row += 1) {
    const version = row - from;
    const billed = cube.classes[block.classId[row] as number] as BilledClass;
    const isMarker = block.state[row] === MARKER;
    const sizeBytes = block.sizeBytes[row] as number;
    const was = standingOf(block, row, billed);
    // A version that was written over keeps its id where it is null, and is another one.
    const own = found(idOf(block, row));
    const now = own !== undefined && own.lastModifiedMs === block.lastModifiedMs[row] ? own : undefined;
    const actual = now?.standing ?? GONE;
    const promised = promisedOf(events, version, was);
    const must = promisedOf(certain, version, was)?.standing ?? was;
    const verdict: Verdict | null = promised === null ? null : judge(way(events, version, was), must, actual);
    if (!isMarker && now !== undefined) tally.see(sizeBytes);
    if (isMarker && promised === null) continue;
    const stored = (standing: Standing, tier: string): Stored =>
      isMarker || standing.isGone
        ? null
        : { storageClass: standing.storageClass, accessTier: tier, isSmall: sizeBytes < SMALL_OBJECT_BYTES, count: 1, bytes: sizeBytes };
    const expected = promised?.standing ?? was;
    tally.add({
      sizeBytes,
      promised,
      verdict,
      isSame: isSame(was, actual),
      before: stored(was, billed.accessTier),
      forecast: stored(expected, expected.storageClass === billed.storageClass ? billed.accessTier : ''),
      actual: now === undefined ? null : stored(actual, now.billed.accessTier),
    });
    if (promised === null || examples.length >= MOST_EXAMPLES || (verdict !== 'late' && verdict !== 'otherwise')) continue;
    examples.push({
      key: name,
      versionId: block.versionId(row),
      rule: promised.rule,
      verdict,
      words: `should ${wordsOf(expected)} since ${formatDay(promised.day)}; is ${standingWords(actual)}`,
    });
  }
}

const wordsOf = (standing: Standing): string => (standing.isGone ? 'be gone' : `be ${standingWords(standing)}`);
const standingWords = ({ isGone, isCurrent, storageClass }: Standing): string =>
  isGone ? 'gone' : `${isCurrent ? 'current' : 'noncurrent'}${storageClass === '' ? '' : ` in ${storageClass}`}`;
