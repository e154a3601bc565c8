import type { Limit, ProofFacts, Statement, StatementScope } from '../../contract/prove.ts';
import { formatCount } from '../report/format.ts';
import { daysInWords, defaultRetentionDays } from './context.ts';

/** "logs/ tagged team=ml", or "the whole bucket". */
export function scopeInWords(scope: StatementScope): string {
  const place = scope.prefix === '' ? 'the whole bucket' : scope.prefix;
  const tags = scope.tags.map(({ Key, Value }) => `${Key}=${Value}`).join(' and ');
  const over = scope.sizeGreaterThan === undefined ? '' : ` of more than ${formatCount(scope.sizeGreaterThan)} bytes`;
  const under =
    scope.sizeLessThan === undefined ? '' : `${over === '' ? ' of' : ' and'} less than ${formatCount(scope.sizeLessThan)} bytes`;
  const category = scope.category === undefined ? '' : `the ${scope.category} versions of `;
  return `${category}${place}${tags === '' ? '' : ` tagged ${tags}`}${over}${under}`;
}

const limitInWords = (limit: Limit): string => ('date' in limit ? limit.date : `${daysInWords(limit.ageDays)} after it was written`);

/** Where something is, as a sentence has it: "under logs/", "in the whole bucket", "among the model versions of lake/". */
const where = (scope: StatementScope): string =>
  scope.category !== undefined
    ? `among ${scopeInWords(scope)}`
    : scope.prefix === ''
      ? `in ${scopeInWords(scope)}`
      : `under ${scopeInWords(scope)}`;

/** A statement as the sentence that is decided. */
export function statementInWords(statement: Statement): string {
  const place = where(statement.scope);
  switch (statement.kind) {
    case 'kept':
      return `Nothing ${place} can be ${statement.counts === 'hidden' ? 'hidden or ' : ''}removed for good by lifecycle before ${limitInWords(statement.until)}.`;
    case 'gone':
      return `Everything ${place}, noncurrent versions and delete markers${statement.uploads ? ' and incomplete uploads' : ''} included, is gone by ${limitInWords(statement.by)}.`;
    case 'untouched':
      return `No enabled rule acts on anything ${place}.`;
    case 'locked':
      return `Every version ${place} is locked until ${limitInWords(statement.until)} at least.`;
    case 'within':
      return `Everything ${place} is removed no earlier than ${daysInWords(statement.minDays)} and no later than ${daysInWords(statement.maxDays)} after it was written.`;
  }
}

/** What an answer rests on that no configuration and no inventory can show. */
export function assumptionsOf(statement: Statement, facts: ProofFacts): string[] {
  const lines = [
    'The configuration stays as it is; nobody changes, disables or adds a rule.',
    'Nobody deletes versions or lifts a retention or hold by hand.',
  ];
  if (statement.kind !== 'untouched' && statement.kind !== 'locked') {
    lines.push('Days are counted to the first midnight UTC after them, as S3 counts them.');
  }
  if (statement.kind === 'gone' || statement.kind === 'within') {
    lines.push(
      'S3 gives no deadline for its own work: "gone" means eligible for removal and no longer billed; the bytes themselves may go days later.',
      'No version waits for replication: S3 does not act on versions whose replication is pending or failed.',
      'Replicas and copies in other buckets are not looked at.',
    );
    if (typeof facts.objectLock === 'object')
      lines.push('No upload asks for a longer retention than the default of the bucket, and none is put under a hold.');
  }
  if (statement.kind === 'locked' || (statement.kind !== 'gone' && defaultRetentionDays(facts) > 0)) {
    lines.push('No upload asks for a shorter retention than the default of the bucket.');
  }
  if ((statement.kind === 'kept' || statement.kind === 'within') && statement.overwrites === 'none')
    lines.push('Nobody writes over a key.');
  return lines;
}
