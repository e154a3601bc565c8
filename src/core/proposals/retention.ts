import type { ProtectedPart, Risk } from '../../contract/proposals.ts';
import { DAY_MS } from '../../contract/units.ts';
import { formatCount } from '../report/format.ts';
import type { Group, Unit } from '../units/unit-builder.ts';
import { accessWords, undoOf } from './checkpoints.ts';
import { type Draft, idOf, lowest, type ProposalInput, protectedParts } from './draft.ts';

/** Log days by service, temporary files by age, and runs by what their tracker says of them. */
export function retentionDrafts(input: ProposalInput): Draft[] {
  return [...logDrafts(input), ...temporaryDrafts(input), ...experimentDrafts(input)];
}

function byGroup(units: Iterable<Unit>): Map<number, Unit[]> {
  const groups = new Map<number, Unit[]>();
  for (const unit of units) {
    const own = groups.get(unit.group);
    if (own) own.push(unit);
    else groups.set(unit.group, [unit]);
  }
  return groups;
}

type Kept = { unit: Unit; reason: ProtectedPart['reason']; words: string };

/** What something outside any retention holds: pins, locks, registries, open runs; or that lifecycle cannot act on yet. */
function heldBy({ references, facts }: ProposalInput, unit: Unit): Kept | null {
  const [reference] = references.of(unit.unit);
  if (reference) return { unit, reason: reference.reason, words: reference.source };
  if (facts.isBlocked(unit.unit)) return { unit, reason: 'blocked', words: 'its replication is pending or failed' };
  return null;
}

/**
 * Days a service's logs are kept for at least, whatever is asked: what may be evidence of an attack is looked for late. CloudTrail
 * is never proposed to go at all.
 */
const LEAST_DAYS: Readonly<Record<string, number>> = { log_elb_vpc: 365, log_aws: 365, log_s3_access: 180, log_cloudfront: 180 };
const AUDIT_RULE = 'log_cloudtrail';

function* logDrafts(input: ProposalInput): Iterable<Draft> {
  const { options, asOfMs } = input;
  for (const [group, units] of byGroup(input.units.filter(({ kind, confidence }) => kind === 'log' && confidence !== 'low'))) {
    const { path } = input.groups[group] as Group;
    const rules = new Set(units.map(({ ruleId }) => ruleId));
    const days = Math.max(options.logDays, ...[...rules].map((rule) => LEAST_DAYS[rule] ?? 0));
    const isAudit = rules.has(AUDIT_RULE);
    const kept: Kept[] = [];
    const own: Unit[] = [];
    let old = 0;
    for (const unit of units) {
      const held = heldBy(input, unit);
      const ageDays = (asOfMs - unit.lastWriteMs) / DAY_MS;
      if (held) kept.push(held);
      else own.push(unit);
      if (!held && ageDays < days) kept.push({ unit, reason: 'young', words: `within ${formatCount(days)} days` });
      else old += 1;
    }
    if (old === 0 || own.length === 0) continue;
    const shared = {
      kind: 'log' as const,
      id: idOf('log', path),
      path,
      units: own,
      confidence: lowest(own),
      protected: protectedParts(kept),
    };
    if (isAudit) {
      yield {
        ...shared,
        isWhole: false,
        action: { do: 'move', steps: [{ days, storageClass: 'GLACIER_IR' }] },
        risk: 'low',
        risks: ['audit logs may have to be kept by law: they move, and nothing of them goes'],
        evidence: ['logs of an audit trail, by day'],
      };
      continue;
    }
    const mayBeEvidence = [...rules].some((rule) => rule in LEAST_DAYS);
    yield {
      ...shared,
      isWhole: false,
      action: { do: 'expire', days, undoDays: undoOf(input) },
      risk: mayBeEvidence ? 'medium' : 'low',
      risks: mayBeEvidence ? ['they tell who reached the service: an inquiry may look for them late'] : [],
      evidence: [`log days older than ${formatCount(days)} days, by when they were written`],
    };
  }
}

function* temporaryDrafts(input: ProposalInput): Iterable<Draft> {
  const { options, asOfMs } = input;
  const days = options.temporaryDays;
  for (const [group, units] of byGroup(input.units.filter(({ kind, confidence }) => kind === 'temporary' && confidence !== 'low'))) {
    const { path } = input.groups[group] as Group;
    const kept: Kept[] = [];
    const own: Unit[] = [];
    for (const unit of units) {
      const held = heldBy(input, unit) ?? youngOf(unit, asOfMs, days);
      if (held) kept.push(held);
      else own.push(unit);
    }
    if (own.length === 0) continue;
    yield {
      id: idOf('temporary', path),
      kind: 'temporary',
      path,
      action: { do: 'expire', days, undoDays: undoOf(input) },
      units: own,
      isWhole: true,
      risk: 'low',
      risks: [],
      confidence: lowest(own),
      evidence: [`left behind by a program, and not written to for ${formatCount(days)} days`],
      protected: protectedParts(kept),
    };
  }
}

const youngOf = (unit: Unit, asOfMs: number, days: number): Kept | null =>
  (asOfMs - unit.lastWriteMs) / DAY_MS < days ? { unit, reason: 'young', words: `written within ${formatCount(days)} days` } : null;

const RUN_WORDS = {
  deleted: 'their tracker calls these runs deleted',
  failed: 'their tracker calls these runs failed',
  orphan: 'their tracker knows of other runs beside them, and not of these',
} as const;

function* experimentDrafts(input: ProposalInput): Iterable<Draft> {
  const { references, asOfMs } = input;
  const { graceDays } = input.policyOf('');
  const said = input.units.filter(({ kind, unit }) => kind === 'experiment' && references.runState(unit) !== null);
  for (const [group, units] of byGroup(said)) {
    const { path } = input.groups[group] as Group;
    const kept: Kept[] = [];
    const own: Unit[] = [];
    const states = new Set<keyof typeof RUN_WORDS>();
    for (const unit of units) {
      // A run that was never sent to its tracker is known to nobody else.
      const isOffline = /^offline-run-/.test(unit.name);
      const held: Kept | null =
        heldBy(input, unit) ??
        youngOf(unit, asOfMs, graceDays) ??
        (isOffline ? { unit, reason: 'unknown', words: 'an offline run: its tracker may not know of it yet' } : null);
      if (held) kept.push(held);
      else {
        own.push(unit);
        states.add(references.runState(unit.unit) as keyof typeof RUN_WORDS);
      }
    }
    if (own.length === 0) continue;
    const risk: Risk = states.has('orphan') ? 'high' : 'medium';
    yield {
      id: idOf('experiment', path),
      kind: 'experiment',
      path,
      action: { do: 'expire', days: graceDays, undoDays: undoOf(input) },
      units: own,
      isWhole: true,
      risk,
      risks: states.has('orphan')
        ? ['an export may leave runs out: compare it with the tracker first']
        : ['a failed run may be wanted to learn why'],
      confidence: lowest(own),
      evidence: [...[...states].map((state) => RUN_WORDS[state]), accessWords(input, own)],
      protected: protectedParts(kept),
    };
  }
}
