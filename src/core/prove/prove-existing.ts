import type { Counterexample, ProofFacts, ProofPart, Statement } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from '../cube/cube.ts';
import { formatBytes, formatCount, formatDay } from '../report/format.ts';
import { intersect } from './box.ts';
import { boundInWords, daysInWords, type KnownVersioning, type ProofRule, scopeBox } from './context.ts';
import { type Asked, Examiner, type ExistingVersions } from './existing.ts';
import type { Gap } from './judge.ts';
import { agreed, insufficient, proved, refuted, worse } from './part.ts';
import { type Question, questionsOf } from './question.ts';
import type { Tally } from './tally.ts';
import { type Found, smallestBroken } from './witness.ts';

/** What a snapshot is able to tell. */
export interface SnapshotKnowledge {
  /** Columns by S3 Inventory's names. */
  readonly fields: readonly string[];
  readonly allVersions: boolean;
  /** Share of the bucket that was listed, 0..1. */
  readonly coverage: number;
  /** The prefix that was listed. */
  readonly prefix: string;
}

/** A snapshot to be asked. */
export interface ProofSnapshot extends Omit<ExistingVersions, 'lockKnown'> {
  readonly knowledge: SnapshotKnowledge;
}

const RETENTION = ['ObjectLockRetainUntilDate', 'ObjectLockLegalHoldStatus'];
const HOLDS = ['ObjectLockEventHoldStatus'];

/** Columns that would be needed and are not there; none where the bucket is known to have no Object Lock. */
function missingColumns(columns: readonly string[], { fields }: SnapshotKnowledge): string[] {
  const known = new Set(fields.map((name) => name.toLowerCase()));
  return columns.filter((name) => !known.has(name.toLowerCase())).map((name) => `the column ${name} of the inventory`);
}

/** Whether the snapshot tells of retention and legal holds, or the bucket is known to have none. */
export const knowsLocks = (facts: ProofFacts, knowledge: SnapshotKnowledge): boolean =>
  facts.objectLock === 'none' || missingColumns(RETENTION, knowledge).length === 0;
export const knowsReplication = (facts: ProofFacts, knowledge: SnapshotKnowledge): boolean =>
  facts.replication === 'none' || missingColumns(['ReplicationStatus'], knowledge).length === 0;

/** What the snapshot would have to hold before the question can be answered at all. */
function gapsOf(
  question: Question,
  scopePrefix: string,
  facts: ProofFacts,
  versioning: KnownVersioning,
  knowledge: SnapshotKnowledge,
): string[] {
  const gaps: string[] = [];
  if (knowledge.coverage < 1) gaps.push('a complete listing: parts of the bucket could not be read');
  if (!scopePrefix.startsWith(knowledge.prefix)) gaps.push(`a listing of all of the scope: only "${knowledge.prefix}" was listed`);
  if (!knowledge.allVersions && versioning !== 'unversioned')
    gaps.push('noncurrent versions and delete markers: the snapshot lists current versions only');
  gaps.push(...missingColumns(['LastModifiedDate'], knowledge));
  const hasLock = facts.objectLock !== 'none';
  if (question.kind === 'gone') {
    if (hasLock) gaps.push(...missingColumns([...RETENTION, ...HOLDS], knowledge));
    if (facts.replication !== 'none') gaps.push(...missingColumns(['ReplicationStatus'], knowledge));
  }
  if (question.kind === 'locked' && hasLock) gaps.push(...missingColumns(RETENTION, knowledge));
  return gaps;
}

const extent = ({ rows, bytes }: { readonly rows: number; readonly bytes: number }): string =>
  `${formatCount(rows)} ${rows === 1 ? 'version or delete marker' : 'versions and delete markers'} (${formatBytes(bytes)})`;

function gapInWords(gap: Gap, open: { readonly rows: number; readonly bytes: number }, knowledge: SnapshotKnowledge): string[] {
  switch (gap) {
    case 'tags':
      return [`the tags of ${extent(open)}: a rule there filters by tags, or by a size where delete markers are`];
    case 'scope-tags':
      return [`which of ${extent(open)} carry the tags of the scope`];
    case 'lock': {
      const columns = missingColumns(RETENTION, knowledge);
      return columns.length > 0 ? columns : ['whether the bucket has Object Lock'];
    }
    case 'rows':
      return [`the rows of ${extent(open)}`];
  }
}

function lockInWords(day: number): string {
  if (day === NOT_LOCKED) return 'not locked';
  return day === LOCKED_FOR_EVER ? 'under a hold' : `locked until ${formatDay(day)}`;
}

function wordsOf(question: Question, found: Found, rule: string | null): string {
  const by = rule === null ? '' : ` by rule "${rule}"`;
  const written = `written ${formatDay(found.writtenOn)}`;
  const { day } = found.judged;
  switch (question.kind) {
    case 'kept': {
      const age = daysInWords(day - found.writtenDay);
      return `${written}, it could be ${question.counts === 'hidden' && found.state === 'current' ? 'hidden or removed' : 'removed for good'}${by} on ${formatDay(day)}, after ${age}; ${boundInWords(question.bound)} asked for`;
    }
    case 'gone': {
      if (Number.isFinite(day))
        return `${written}, the last of it goes${by} on ${formatDay(day)}; ${boundInWords(question.bound)} asked for`;
      const why = found.isBlocked
        ? 'its replication is pending or has failed, so lifecycle does not act on it'
        : found.lockedUntilDay === LOCKED_FOR_EVER
          ? 'it is under a hold'
          : 'no rule is sure to remove the last of it';
      return `${written}, it stays: ${why}`;
    }
    case 'untouched':
      return `${written}; rule "${rule}" acts on it`;
    case 'locked':
      return `${written}, ${lockInWords(found.lockedUntilDay)}; ${boundInWords(question.bound)} asked for`;
  }
}

/** The rule without which the break would not be, or would come on another day. */
function ruleBehind(asked: Asked, existing: ExistingVersions, found: Found): Result<string | null> {
  const exact = { prefix: found.key, tags: asked.scope.tags, sizeFrom: found.sizeBytes, sizeTo: found.sizeBytes };
  const acting = asked.rules.filter(
    ({ box }) =>
      found.key.startsWith(box.prefix) &&
      (found.state === 'marker' || intersect({ ...box, prefix: '' }, { ...exact, prefix: '' }) !== null),
  );
  const breaksWith = (rules: readonly ProofRule[]): Result<boolean> => {
    let same = false;
    const read = new Examiner({ ...asked, rules }, existing).rows(found.directory, (block, row, judged) => {
      if (judged.outcome !== 'broken' || judged.day !== found.judged.day || block.versionId(row) !== found.versionId) return;
      if (existing.cube.tree.path(found.directory) + block.name(row) === found.key) same = true;
    });
    return read.ok ? ok(same) : read;
  };
  for (const rule of acting) {
    const alone = breaksWith([rule]);
    if (!alone.ok) return alone;
    if (alone.value && (asked.question.kind !== 'gone' || Number.isFinite(found.judged.day))) return ok(rule.name);
  }
  if (!Number.isFinite(found.judged.day)) return ok(null);
  for (const rule of [...acting].sort(
    (a, b) => Number(b.rule.noncurrentExpiration !== null) - Number(a.rule.noncurrentExpiration !== null),
  )) {
    const without = breaksWith(acting.filter((other) => other !== rule));
    if (!without.ok) return without;
    if (!without.value) return ok(rule.name);
  }
  return ok(null);
}

function counterexampleOf(asked: Asked, examiner: Examiner, existing: ExistingVersions, tally: Tally): Result<Counterexample> {
  const found = smallestBroken(examiner, tally, existing);
  if (!found.ok) return found;
  if (found.value === null) throw new Error('cells broke a statement that none of their rows breaks');
  const { value } = found;
  const rule = asked.question.kind === 'locked' ? ok(null) : ruleBehind(asked, existing, value);
  if (!rule.ok) return rule;
  const { day } = value.judged;
  const happens = Number.isFinite(day) && day !== NOT_LOCKED && day !== LOCKED_FOR_EVER;
  return ok({
    key: value.key,
    keyShape: null,
    versionId: value.versionId,
    state: value.state,
    tags: [],
    sizeFrom: value.sizeBytes,
    sizeTo: value.sizeBytes,
    ruleId: rule.value,
    ageDays: happens ? day - value.writtenDay : null,
    date: happens ? formatDay(day) : null,
    versions: tally.broken.rows,
    bytes: tally.broken.bytes,
    words: wordsOf(asked.question, value, rule.value),
  });
}

function ask(asked: Asked, snapshot: ProofSnapshot): Result<ProofPart> {
  const { question, facts, versioning } = asked;
  const { knowledge } = snapshot;
  const gaps = gapsOf(question, asked.scope.prefix, facts, versioning, knowledge);
  const lockKnown = knowsLocks(facts, knowledge);
  const existing: ExistingVersions = { ...snapshot, lockKnown };
  const examiner = new Examiner(asked, existing);
  const run = examiner.run();
  if (!run.ok) return run;
  const tally = run.value;
  // What is listed may break a statement whatever is not listed.
  if (tally.broken.rows > 0 && (gaps.length === 0 || !question.kind.startsWith('gone'))) {
    const shown = counterexampleOf(asked, examiner, existing, tally);
    if (!shown.ok) return shown;
    const basis = `${extent(tally.broken)} of ${extent(tally.seen)} there break it`;
    return ok(refuted(basis, shown.value));
  }
  const open = [...tally.open].flatMap(([gap, amount]) => gapInWords(gap, amount, knowledge));
  if (gaps.length + open.length > 0) return ok(insufficient(`${extent(tally.seen)} are listed there`, [...new Set([...gaps, ...open])]));
  return ok(proved(tally.seen.rows === 0 ? 'no version is listed there' : `none of ${extent(tally.seen)} there breaks it`));
}

/** Decides a statement for every version of a snapshot that its scope takes in. */
export function proveExisting(
  statement: Statement,
  rules: readonly ProofRule[],
  facts: ProofFacts,
  states: readonly KnownVersioning[],
  asOfDay: number,
  snapshot: ProofSnapshot,
): Result<ProofPart> {
  const scope = scopeBox(statement.scope);
  if (scope === null) return ok(proved('no version can ever match the scope'));
  const parts: ProofPart[] = [];
  for (const versioning of states) {
    let part: ProofPart | null = null;
    for (const question of questionsOf(statement)) {
      const asked: Asked = { question, scope, category: statement.scope.category, rules, facts, versioning, asOfDay };
      const one = ask(asked, snapshot);
      if (!one.ok) return one;
      part = part === null ? one.value : worse(part, one.value);
    }
    parts.push(part as ProofPart);
  }
  return ok(agreed(parts, states));
}
