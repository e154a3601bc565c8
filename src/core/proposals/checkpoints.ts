import type { Verdict } from '../../contract/keep.ts';
import type { ProtectedPart, Risk } from '../../contract/proposals.ts';
import type { Kept } from '../keep/member.ts';
import { policyInWords } from '../keep/policy-words.ts';
import { formatCount } from '../report/format.ts';
import type { Group, Unit } from '../units/unit-builder.ts';
import { type Draft, idOf, lowest, type ProposalInput, protectedParts } from './draft.ts';
import { readsKnown } from './reads.ts';

interface Run {
  readonly stale: Unit[];
  readonly unfinished: Unit[];
  readonly kept: { readonly unit: Unit; readonly kept: Kept }[];
}

/** Checkpoints that keep policies let go, and those that were never whole, run by run. */
export function checkpointDrafts(input: ProposalInput): Draft[] {
  const runs = new Map<number, Run>();
  for (const [number, kept] of input.verdicts) {
    const unit = input.units[number] as Unit;
    let run = runs.get(unit.group);
    if (!run) {
      run = { stale: [], unfinished: [], kept: [] };
      runs.set(unit.group, run);
    }
    // What a rule only guesses is nobody's to delete.
    if (kept.verdict === 'stale' && unit.confidence !== 'low') run.stale.push(unit);
    else if (kept.verdict === 'unfinished' && unit.confidence !== 'low') run.unfinished.push(unit);
    else run.kept.push({ unit, kept });
  }
  const drafts: Draft[] = [];
  for (const [group, run] of runs) {
    const { path } = input.groups[group] as Group;
    const others = protectedParts(run.kept.map(({ unit, kept }) => ({ unit, ...reasonOf(kept) })));
    if (run.stale.length > 0) drafts.push(staleDraft(input, path, run.stale, others));
    if (run.unfinished.length > 0) drafts.push(unfinishedDraft(input, path, run.unfinished, others));
  }
  return drafts;
}

const WORDS: Readonly<Record<Exclude<Verdict, 'keep' | 'stale'>, ProtectedPart['reason']>> = {
  gone: 'gone',
  review: 'unknown',
  unfinished: 'unfinished',
};

function reasonOf({ verdict, holds }: Kept): { reason: ProtectedPart['reason']; words: string } {
  const words = holds.map((hold) => hold.words).join('; ');
  if (verdict === 'stale') return { reason: 'unknown', words: 'only its name says that it is one' };
  return { reason: verdict === 'keep' ? (holds[0]?.reason ?? 'unknown') : WORDS[verdict], words };
}

function staleDraft(input: ProposalInput, path: string, stale: Unit[], others: ProtectedPart[]): Draft {
  const policy = input.policyOf(path);
  const risks: string[] = [];
  let risk: Risk = 'low';
  if (!readsKnown(input, policy.readDays).isKnown) {
    risks.push('whether anything reads them is unknown');
    risk = 'medium';
  }
  const isBestKnown = others.some(({ reason }) => reason === 'best');
  if (!isBestKnown) risks.push('nothing says which checkpoint is the best one');
  if (stale.some((unit) => input.ageOf(unit).temperature === 'hot')) {
    risks.push('some were read or written lately');
    risk = 'high';
  }
  return {
    id: idOf('checkpoint', path),
    kind: 'checkpoint',
    path,
    action: { do: 'expire', days: policy.graceDays, undoDays: undoOf(input) },
    units: stale,
    isWhole: true,
    risk,
    risks,
    confidence: lowest(stale),
    evidence: [`the keep policy keeps ${policyInWords(policy)}`, accessWords(input, stale)],
    protected: others,
  };
}

function unfinishedDraft(input: ProposalInput, path: string, units: Unit[], others: ProtectedPart[]): Draft {
  const { graceDays } = input.policyOf(path);
  const missing = [...new Set(units.flatMap(({ judgement }) => judgement.missing))].slice(0, 3);
  return {
    id: idOf('unfinished', path),
    kind: 'unfinished',
    path,
    action: { do: 'expire', days: graceDays, undoDays: undoOf(input) },
    units,
    isWhole: true,
    risk: 'medium',
    risks: ['whoever counts on a part of one would miss it'],
    confidence: lowest(units),
    evidence: [...missing, `nothing was written to them for ${formatCount(graceDays)} days, and whole ones lie beside them`],
    protected: others,
  };
}

/** null where versions are not kept: then nothing can be brought back. */
export const undoOf = ({ cube, options }: ProposalInput): number | null => (cube.allVersions ? options.undoDays : null);

/** "no read seen in 120 of 120 days since the youngest was written", or what the oldest evidence is. */
export function accessWords(input: ProposalInput, units: readonly Unit[]): string {
  let youngest: Unit | undefined;
  for (const unit of units) if (youngest === undefined || unit.lastWriteMs > youngest.lastWriteMs) youngest = unit;
  return youngest === undefined ? '' : `the youngest: ${input.ageOf(youngest).words}`;
}
