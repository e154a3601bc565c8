import type { KeepPolicy } from '../../contract/keep.ts';
import { KEEP_REASONS, type KeepReason } from '../../contract/keep.ts';
import { DAY_MS } from '../../contract/units.ts';
import { formatBytes, formatCount } from '../report/format.ts';
import type { Hold, Kept, Member } from './member.ts';
import { inOrder, inTime, wentOnFrom } from './rank.ts';
import { thin } from './thin.ts';

/** What a policy is applied at, and how. */
export interface KeepOptions {
  readonly policy: KeepPolicy;
  /** Ages are counted from here: the snapshot's own time. */
  readonly asOfMs: number;
  /** Whether the last complete one of every run stays whatever the policy says. Only tables of other tools go without. */
  readonly keepsLastComplete?: boolean;
}

const isRanked = ({ state, role, step, epoch }: Member): boolean =>
  state === 'complete' && (role === 'none' || step !== null || epoch !== null);

/**
 * What a policy keeps of checkpoints, run by run: the verdict of every member, in the order given. Only whole checkpoints are
 * counted and only whole ones are let go; what cannot be told is left to people.
 */
export function keep(members: readonly Member[], options: KeepOptions): Kept[] {
  const holds = members.map((): Hold[] => []);
  const at = new Map(members.map((member, index) => [member.unit, index]));
  const hold = (member: Member, reason: KeepReason, words: string): void => {
    holds[at.get(member.unit) as number]?.push({ reason, words });
  };
  for (const member of members) {
    for (const { reason, source } of member.references) hold(member, reason, source);
    holdRecent(member, options, hold);
  }
  for (const run of groupsBy(members, ({ run: path }) => path)) holdInRun(run, options, hold);
  for (const project of groupsBy(members, ({ project: path }) => path))
    holdBest(project, options.policy.bestOfProject, options.policy, 'its project', hold);
  holdBudget(members, options.policy, (member) => (holds[at.get(member.unit) as number] as Hold[]).length > 0, hold);
  const finished = new Set(members.filter(({ state }) => state === 'complete').map(({ run }) => run));
  return members.map((member, index) => verdictOf(member, holds[index] as Hold[], finished.has(member.run)));
}

type HoldIt = (member: Member, reason: KeepReason, words: string) => void;

function groupsBy(members: readonly Member[], key: (member: Member) => string): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const own = groups.get(key(member));
    if (own) own.push(member);
    else groups.set(key(member), [member]);
  }
  return [...groups.values()];
}

function holdRecent(member: Member, { policy, asOfMs }: KeepOptions, hold: HoldIt): void {
  const ageDays = (asOfMs - member.lastWriteMs) / DAY_MS;
  if (member.state !== 'gone' && ageDays < policy.graceDays) {
    hold(member, 'recent', `written ${formatCount(Math.max(0, Math.floor(ageDays)))} days ago, within ${formatCount(policy.graceDays)}`);
  }
  if (member.state !== 'gone' && member.lastReadMs !== null && policy.readDays > 0) {
    const readDays = Math.max(0, Math.floor((asOfMs - member.lastReadMs) / DAY_MS));
    if (readDays < policy.readDays) hold(member, 'inUse', `read ${formatCount(readDays)} days ago, within ${formatCount(policy.readDays)}`);
  }
}

function holdInRun(run: readonly Member[], { policy, keepsLastComplete = true }: KeepOptions, hold: HoldIt): void {
  const ranked = inOrder(run.filter(isRanked));
  const newest = ranked.at(-1);
  if (keepsLastComplete) {
    const last = newest ?? inTime(run.filter(({ state }) => state === 'complete')).at(-1);
    if (last) hold(last, 'lastComplete', 'the last complete one of its run');
  }
  const ofAll = (count: number): string => (count === 1 ? 'the last of its run' : `among the last ${formatCount(count)} of its run`);
  const last = policy.last === 0 ? [] : ranked.slice(-policy.last);
  for (const member of last) hold(member, 'last', ofAll(policy.last));
  // A run that went back writes lower steps later: what it wrote last is what it goes on from.
  const lastInTime = policy.last === 0 ? [] : inTime(ranked).slice(-policy.last);
  for (const member of lastInTime) if (!last.includes(member)) hold(member, 'last', `${ofAll(policy.last)} by when it was written`);
  for (const member of wentOnFrom(ranked)) hold(member, 'resumedFrom', 'a later write has the step after it: the run went on from here');
  holdBest(run, policy.best, policy, 'its run', hold);
  for (const member of run) {
    if (member.state !== 'complete') continue;
    if (policy.named && member.role !== 'none') hold(member, 'named', `its name calls it ${member.role}`);
    const place = member.step ?? member.epoch;
    if (policy.everySteps !== null && place !== null && place > 0 && place % policy.everySteps === 0) {
      hold(member, 'every', `one at every ${formatCount(policy.everySteps)} steps`);
    }
  }
}

function holdBest(members: readonly Member[], count: number, { metric }: KeepPolicy, of: string, hold: HoldIt): void {
  if (metric === null || count === 0) return;
  const valued = members.filter(({ state, metrics }) => state === 'complete' && metrics.has(metric.name));
  const value = ({ metrics }: Member): number => (metrics.get(metric.name) as number) * (metric.mode === 'min' ? 1 : -1);
  // Of equals the later one counts: it has learnt more.
  const best = inOrder(valued)
    .reverse()
    .sort((a, b) => value(a) - value(b));
  for (const [place, member] of best.slice(0, count).entries()) {
    hold(member, 'best', `${metric.name} ${member.metrics.get(metric.name)}: number ${place + 1} of ${of}`);
  }
}

function holdBudget(members: readonly Member[], policy: KeepPolicy, isHeld: (member: Member) => boolean, hold: HoldIt): void {
  const { budgetBytes } = policy;
  if (budgetBytes === null) return;
  for (const group of groupsBy(members, ({ run, project }) => (policy.budgetPer === 'run' ? run : project))) {
    // What is not complete is not for the budget to choose, but it takes its room.
    const isFixed = (member: Member): boolean => member.state !== 'gone' && (member.state !== 'complete' || isHeld(member));
    const row = inOrder(group.filter(({ state }) => state === 'complete'));
    const others = group.reduce((sum, member) => sum + (member.state !== 'complete' && isFixed(member) ? member.bytes : 0), 0);
    const place = ({ step, epoch }: Member, index: number): number => step ?? epoch ?? index;
    const places = row.every(({ step }) => step !== null) || row.every(({ epoch }) => epoch !== null);
    const candidates = row.map((member, index) => ({
      place: places ? place(member, index) : index,
      bytes: member.bytes,
      isFixed: isFixed(member),
    }));
    for (const index of thin(candidates, budgetBytes - others)) {
      const member = row[index] as Member;
      if (!isFixed(member)) hold(member, 'budget', `it fits into ${formatBytes(budgetBytes)} with the others, evenly spread`);
    }
  }
}

function verdictOf(member: Member, own: readonly Hold[], hasWholeSibling: boolean): Kept {
  const holds = [...own].sort((a, b) => KEEP_REASONS.indexOf(a.reason) - KEEP_REASONS.indexOf(b.reason));
  if (member.state === 'gone') return { verdict: 'gone', holds: [{ reason: 'gone', words: 'nothing of it is current' }] };
  if (holds.length > 0) return { verdict: 'keep', holds };
  if (member.state === 'unknown') return review('whether it is complete cannot be told');
  if (member.state === 'complete') return { verdict: 'stale', holds: [] };
  return hasWholeSibling ? { verdict: 'unfinished', holds: [] } : review('no checkpoint of its run is complete: this may be all there is');
}

const review = (words: string): Kept => ({ verdict: 'review', holds: [{ reason: 'unknown', words }] });
