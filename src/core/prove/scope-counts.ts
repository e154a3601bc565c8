import type { ScopeCounts } from '../../contract/evidence.ts';
import type { ProofFacts, Statement } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { CATEGORY_OF_KIND, KINDS, VERSION_STATES } from '../../contract/vocabulary.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED, REPLICATION_BLOCKED } from '../cube/cube.ts';
import { prefixScope } from '../cube/prefix.ts';
import { formatDay } from '../report/format.ts';
import { type Box, intersect, isInside, isOutside } from './box.ts';
import { type ProofRule, scopeBox } from './context.ts';
import { LARGE, SMALL } from './due-sets.ts';
import { knowsLocks, knowsReplication, type ProofSnapshot } from './prove-existing.ts';

/** One group of versions, or one version, to be counted. */
interface Counted {
  readonly kind: number;
  readonly state: number;
  readonly flags: number;
  readonly classId: number;
  readonly lockedUntilDay: number;
  readonly writtenDay: number;
  readonly count: number;
  readonly bytes: number;
}

class Counter {
  versions = 0;
  noncurrentVersions = 0;
  deleteMarkers = 0;
  bytes = 0;
  oldest = Number.POSITIVE_INFINITY;
  newest = Number.NEGATIVE_INFINITY;
  retained = 0;
  held = 0;
  notLocked = 0;
  firstEnd = Number.POSITIVE_INFINITY;
  lastEnd = Number.NEGATIVE_INFINITY;
  blocked = 0;
  readonly byClass = new Map<number, { versions: number; bytes: number }>();

  add(one: Counted): void {
    const state = VERSION_STATES[one.state];
    if (state === 'marker') {
      this.deleteMarkers += one.count;
      return;
    }
    this.versions += one.count;
    if (state === 'noncurrent') this.noncurrentVersions += one.count;
    this.bytes += one.bytes;
    this.oldest = Math.min(this.oldest, one.writtenDay);
    this.newest = Math.max(this.newest, one.writtenDay);
    const own = this.byClass.get(one.classId) ?? { versions: 0, bytes: 0 };
    own.versions += one.count;
    own.bytes += one.bytes;
    this.byClass.set(one.classId, own);
    if ((one.flags & REPLICATION_BLOCKED) !== 0) this.blocked += one.count;
    if (one.lockedUntilDay === LOCKED_FOR_EVER) this.held += one.count;
    else if (one.lockedUntilDay === NOT_LOCKED) this.notLocked += one.count;
    else {
      this.retained += one.count;
      this.firstEnd = Math.min(this.firstEnd, one.lockedUntilDay);
      this.lastEnd = Math.max(this.lastEnd, one.lockedUntilDay);
    }
  }
}

const dayOrNull = (day: number): string | null => (Number.isFinite(day) ? formatDay(day) : null);

function countInto(counter: Counter, scope: Box, statement: Statement, { cube, rowsIn }: ProofSnapshot): Result<void> {
  const place = prefixScope(cube.tree, scope.prefix);
  if (place === null) return ok(undefined);
  const { category } = statement.scope;
  const isAsked = KINDS.map((kind) => category === undefined || CATEGORY_OF_KIND[kind] === category);
  const ranges = place.cut === null ? [] : [{ from: place.cut.directory, to: place.cut.directory + 1, namePrefix: place.cut.namePrefix }];
  const cutsSizes = [SMALL, LARGE].some((range) => !isInside(scope, range) && !isOutside(scope, range));
  for (const { from, to, namePrefix } of [...ranges, { from: place.from, to: place.to, namePrefix: '' }]) {
    for (let directory = from; directory < to; directory += 1) {
      const [first, end] = [cube.cellStart[directory] as number, cube.cellStart[directory + 1] as number];
      if (first === end) continue;
      if (namePrefix === '' && !cutsSizes) {
        for (let cell = first; cell < end; cell += 1) {
          if (isAsked[cube.kind[cell] as number] !== true || isOutside(scope, cube.isSmall[cell] === 1 ? SMALL : LARGE)) continue;
          counter.add({
            kind: cube.kind[cell] as number,
            state: cube.state[cell] as number,
            flags: cube.flags[cell] as number,
            classId: cube.classId[cell] as number,
            lockedUntilDay: cube.lockedUntilDay[cell] as number,
            writtenDay: cube.writtenDay[cell] as number,
            count: cube.count[cell] as number,
            bytes: cube.bytes[cell] as number,
          });
        }
        continue;
      }
      const rows = rowsIn(directory);
      if (!rows.ok) return rows;
      const block = rows.value;
      for (let row = 0; row < block.rows; row += 1) {
        const size = block.sizeBytes[row] as number;
        if (isAsked[block.kind[row] as number] !== true || size < scope.sizeFrom || size > scope.sizeTo) continue;
        if (!block.name(row).startsWith(namePrefix)) continue;
        counter.add({
          kind: block.kind[row] as number,
          state: block.state[row] as number,
          flags: block.cubeFlags[row] as number,
          classId: block.classId[row] as number,
          lockedUntilDay: block.lockedUntilDay[row] as number,
          writtenDay: Math.floor((block.lastModifiedMs[row] as number) / DAY_MS),
          count: 1,
          bytes: size,
        });
      }
    }
  }
  return ok(undefined);
}

/** What a snapshot holds of the scope of a statement. Tags are in no inventory: a scope that asks for some counts what could carry them. */
export function scopeCounts(
  statement: Statement,
  rules: readonly ProofRule[],
  facts: ProofFacts,
  snapshot: ProofSnapshot,
): Result<ScopeCounts> {
  const counter = new Counter();
  const scope = scopeBox(statement.scope);
  if (scope !== null) {
    const counted = countInto(counter, scope, statement, snapshot);
    if (!counted.ok) return counted;
  }
  const { knowledge, cube } = snapshot;
  const byName = new Map<string, { versions: number; bytes: number }>();
  for (const [classId, { versions, bytes }] of counter.byClass) {
    const name = cube.classes[classId]?.storageClass ?? '';
    const own = byName.get(name) ?? { versions: 0, bytes: 0 };
    byName.set(name, { versions: own.versions + versions, bytes: own.bytes + bytes });
  }
  return ok({
    statementId: statement.id,
    versions: counter.versions,
    noncurrentVersions: counter.noncurrentVersions,
    deleteMarkers: counter.deleteMarkers,
    bytes: counter.bytes,
    oldestWrite: dayOrNull(counter.oldest),
    newestWrite: dayOrNull(counter.newest),
    byClass: [...byName]
      .map(([storageClass, own]) => ({ storageClass, ...own }))
      .sort((a, b) => (a.storageClass < b.storageClass ? -1 : 1)),
    locks: knowsLocks(facts, knowledge)
      ? {
          retained: counter.retained,
          held: counter.held,
          notLocked: counter.notLocked,
          firstEnd: dayOrNull(counter.firstEnd),
          lastEnd: dayOrNull(counter.lastEnd),
        }
      : null,
    replicationBlocked: knowsReplication(facts, knowledge) ? counter.blocked : null,
    rules: scope === null ? [] : rules.filter(({ box }) => intersect(box, scope) !== null).map(({ name }) => name),
  });
}
