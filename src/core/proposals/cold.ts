import type { ProtectedPart } from '../../contract/proposals.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { REPLICATION_BLOCKED } from '../cube/cube.ts';
import { formatCount } from '../report/format.ts';
import { isAllowed } from '../simulate/transitions.ts';
import type { Group, Unit } from '../units/unit-builder.ts';
import { accessWords } from './checkpoints.ts';
import { type Draft, idOf, lowest, type ProposalInput, protectedParts } from './draft.ts';
import { bestTarget, EARLIEST_DAYS, INSTANT_TARGETS, type Lot, moveCost, noRegretDays } from './ladder.ts';

const CURRENT = VERSION_STATES.indexOf('current');
/** What lies still for a year is not expected back within hours. */
const ARCHIVE_DAYS = 365;
const ARCHIVE = 'DEEP_ARCHIVE';

type Kept = { unit: Unit; reason: ProtectedPart['reason']; words: string };

/**
 * Data that may move to colder classes: what logs or tiers show to be cold, at once; what nobody knows the reads of, at the age from
 * which moving is no regret. Dataset versions only: a table or a store is one thing, whatever its files' ages.
 */
export function coldDrafts(input: ProposalInput): Draft[] {
  const groups = new Map<number, { cold: Unit[]; unknown: Unit[]; kept: Kept[] }>();
  const { coldDays } = input.options;
  for (const unit of input.units) {
    if (unit.kind !== 'dataset' || unit.confidence === 'low' || unit.judgement.state === 'gone') continue;
    let group = groups.get(unit.group);
    if (!group) {
      group = { cold: [], unknown: [], kept: [] };
      groups.set(unit.group, group);
    }
    const age = input.ageOf(unit);
    if (age.leastDays >= coldDays) group.cold.push(unit);
    // Known to be warm at least: it is read.
    else if (age.mostDays < coldDays || age.evidence === 'logs') group.kept.push({ unit, reason: 'inUse', words: age.words });
    else group.unknown.push(unit);
  }
  const lots = lotsOf(input, groups);
  const drafts: Draft[] = [];
  for (const [group, { cold, unknown, kept }] of groups) {
    const { path } = input.groups[group] as Group;
    if (cold.length > 0) {
      const more = unknown.map((unit): Kept => ({ unit, reason: 'unknown', words: input.ageOf(unit).words }));
      const draft = coldDraft(input, path, cold, gather(lots, cold), protectedParts([...kept, ...more]));
      if (draft) drafts.push(draft);
    }
    if (unknown.length > 0) {
      const draft = unknownDraft(input, path, unknown, gather(lots, unknown), kept);
      if (draft) drafts.push(draft);
    }
  }
  return drafts;
}

/** What of each unit can move at all: current, not small, in a class that is left for another, not held back by replication. */
function lotsOf({ cube }: ProposalInput, groups: ReadonlyMap<number, { cold: Unit[]; unknown: Unit[] }>): Map<number, Map<number, Lot>> {
  const lots = new Map<number, Map<number, Lot>>();
  for (const { cold, unknown } of groups.values()) for (const { unit } of [...cold, ...unknown]) lots.set(unit, new Map());
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const own = lots.get(cube.unit[cell] as number);
    if (own === undefined || cube.state[cell] !== CURRENT || cube.isSmall[cell] === 1) continue;
    if (((cube.flags[cell] as number) & REPLICATION_BLOCKED) !== 0) continue;
    const classId = cube.classId[cell] as number;
    const { storageClass = '', accessTier = '' } = cube.classes[classId] ?? {};
    const lot = own.get(classId) ?? { storageClass, accessTier, count: 0, bytes: 0 };
    own.set(classId, { ...lot, count: lot.count + (cube.count[cell] as number), bytes: lot.bytes + (cube.bytes[cell] as number) });
  }
  return lots;
}

function gather(lots: ReadonlyMap<number, ReadonlyMap<number, Lot>>, units: readonly Unit[]): Lot[] {
  const sums = new Map<number, Lot>();
  for (const { unit } of units) {
    for (const [classId, lot] of lots.get(unit) ?? []) {
      const sum = sums.get(classId);
      sums.set(classId, sum === undefined ? lot : { ...lot, count: sum.count + lot.count, bytes: sum.bytes + lot.bytes });
    }
  }
  return [...sums.values()];
}

const movable = (lots: readonly Lot[], target: string): Lot[] =>
  lots.filter(({ storageClass, accessTier }) => isAllowed(storageClass, accessTier, target));

/** A class that everything movable there gains from, as one rule moves all of it. */
function instantTarget(input: ProposalInput, lots: readonly Lot[]): { readonly target: string; readonly lots: Lot[] } | null {
  const candidates = INSTANT_TARGETS.flatMap((target) => {
    const own = movable(lots, target);
    return own.length === 0 || bestTarget(input.list, own, [target]) === null ? [] : [{ target, lots: own }];
  });
  const yearOf = ({ target, lots: own }: { readonly target: string; readonly lots: readonly Lot[] }): number =>
    own.reduce((sum, lot) => {
      const cost = moveCost(input.list, lot, target);
      return sum + (cost === null ? 0 : cost.savedPerMonth * 12 - cost.fee);
    }, 0);
  return candidates.sort((a, b) => yearOf(b) - yearOf(a))[0] ?? null;
}

function coldDraft(input: ProposalInput, path: string, units: Unit[], lots: readonly Lot[], others: ProtectedPart[]): Draft | null {
  const { coldDays } = input.options;
  const instant = instantTarget(input, lots);
  const isStill = units.every((unit) => input.ageOf(unit).leastDays >= ARCHIVE_DAYS);
  const archive = isStill ? movable(lots, ARCHIVE) : [];
  const isArchived = archive.length > 0 && bestTarget(input.list, archive, [ARCHIVE]) !== null;
  const steps = [
    ...(instant === null || isArchived
      ? []
      : [{ days: Math.max(coldDays, EARLIEST_DAYS[instant.target] ?? 0), storageClass: instant.target }]),
    ...(isArchived ? [{ days: ARCHIVE_DAYS, storageClass: ARCHIVE }] : []),
  ];
  if (steps.length === 0) return null;
  return {
    id: idOf('cold', path),
    kind: 'cold',
    path,
    action: { do: 'move', steps },
    units,
    isWhole: true,
    risk: isArchived ? 'medium' : 'low',
    risks: isArchived ? ['reading it back from DEEP_ARCHIVE takes up to 48 hours and a fee'] : ['reading it back costs a fee per GB'],
    confidence: lowest(units),
    evidence: [`not accessed for ${formatCount(isArchived ? ARCHIVE_DAYS : coldDays)} days or more`, accessWords(input, units)],
    protected: others,
  };
}

function unknownDraft(input: ProposalInput, path: string, units: Unit[], lots: readonly Lot[], kept: readonly Kept[]): Draft | null {
  const instant = instantTarget(input, lots);
  if (instant === null) return null;
  const costs = instant.lots.map((lot) => moveCost(input.list, lot, instant.target));
  const sum = { savedPerMonth: 0, fee: 0, retrieval: 0 };
  for (const cost of costs) {
    if (cost === null) return null;
    sum.savedPerMonth += cost.savedPerMonth;
    sum.fee += cost.fee;
    sum.retrieval += cost.retrieval;
  }
  const regret = noRegretDays(sum);
  if (regret === null) return null;
  const days = Math.max(regret, input.options.coldDays, EARLIEST_DAYS[instant.target] ?? 0);
  const [old, young] = [[] as Unit[], [] as Kept[]];
  for (const unit of units) {
    if (input.asOfMs - unit.lastWriteMs >= days * 86_400_000) old.push(unit);
    else young.push({ unit, reason: 'young', words: `younger than ${formatCount(days)} days` });
  }
  if (old.length === 0) return null;
  return {
    id: idOf('cold', `${path}?`),
    kind: 'cold',
    path,
    action: { do: 'move', steps: [{ days, storageClass: instant.target }] },
    units: old,
    isWhole: true,
    risk: 'medium',
    risks: [
      'nobody knows whether it is read',
      `no regret from the age of ${formatCount(regret)} days: at most twice what somebody would pay who knew when it is read next, in the model of one move and one read`,
    ],
    confidence: lowest(old),
    evidence: [accessWords(input, old)],
    protected: protectedParts([...kept, ...young]),
  };
}
