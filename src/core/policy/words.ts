import type { Rule } from '../../contract/lifecycle.ts';
import { formatCount } from '../report/format.ts';
import { type CanonicalRule, canonicalRule, type Due, type Scope } from './canonical.ts';

const CLASS_WORDS: Readonly<Record<string, string>> = {
  STANDARD_IA: 'Standard-IA',
  ONEZONE_IA: 'One Zone-IA',
  INTELLIGENT_TIERING: 'Intelligent-Tiering',
  GLACIER_IR: 'Glacier Instant Retrieval',
  GLACIER: 'Glacier Flexible Retrieval',
  DEEP_ARCHIVE: 'Glacier Deep Archive',
};

/** A storage class as people say it; an unknown one keeps its own name. */
const classInWords = (storageClass: string): string => CLASS_WORDS[storageClass] ?? storageClass;

const daysInWords = (days: number): string => (days === 1 ? '1 day' : `${formatCount(days)} days`);

/** "under datasets/ tagged team=ml of more than 131,071 bytes", or "anywhere in the bucket". */
function scopeInWords(scope: Scope): string {
  const place = scope.prefix === '' ? 'anywhere in the bucket' : `under ${scope.prefix}`;
  const tags = scope.tags.map(({ key, value }) => `${key}=${value}`).join(' and ');
  const over = scope.sizeGreaterThan === null ? '' : ` of more than ${formatCount(scope.sizeGreaterThan)} bytes`;
  const under = scope.sizeLessThan === null ? '' : `${over === '' ? ' of' : ' and'} less than ${formatCount(scope.sizeLessThan)} bytes`;
  return `${place}${tags === '' ? '' : ` tagged ${tags}`}${over}${under}`;
}

const written = ({ days, date }: Due): string =>
  date !== null
    ? `from ${date.slice(0, 10)} on`
    : days === 0
      ? 'on the day after they were written'
      : `${daysInWords(days ?? 0)} after they were written`;
const replaced = (days: number | null): string => `${daysInWords(days ?? 0)} after they were replaced`;
const keeping = (count: number): string =>
  count === 0 ? '' : `, except the ${count === 1 ? 'newest one' : `newest ${formatCount(count)}`} of each key`;

function currentActions(rule: CanonicalRule): string[] {
  const steps = [...rule.transitions].sort((a, b) => (a.days ?? 0) - (b.days ?? 0));
  return [
    ...steps.map((step) => `move to ${classInWords(step.storageClass)} ${written(step)}`),
    ...(rule.expiration === null ? [] : [`expire ${written(rule.expiration)}`]),
  ];
}

function noncurrentActions(rule: CanonicalRule): string[] {
  const steps = [...rule.noncurrentTransitions].sort((a, b) => (a.noncurrentDays ?? 0) - (b.noncurrentDays ?? 0));
  return [
    ...steps.map(
      (step) => `move to ${classInWords(step.storageClass)} ${replaced(step.noncurrentDays)}${keeping(step.newerNoncurrentVersions)}`,
    ),
    ...(rule.noncurrentExpiration === null
      ? []
      : [
          `be removed for good ${replaced(rule.noncurrentExpiration.noncurrentDays)}${keeping(rule.noncurrentExpiration.newerNoncurrentVersions)}`,
        ]),
  ];
}

/** What a rule would do, as one sentence in the conditional. */
export function ruleInWords(rule: Rule): string {
  const meaning = canonicalRule(rule);
  const scope = scopeInWords(meaning.scope);
  const current = currentActions(meaning);
  const noncurrent = noncurrentActions(meaning);
  const clauses = [
    ...(current.length === 0 ? [] : [`versions ${scope} would ${current.join(', and ')}`]),
    ...(noncurrent.length === 0 ? [] : [`noncurrent versions ${scope} would ${noncurrent.join(', and ')}`]),
    ...(meaning.expiredObjectDeleteMarker ? [`delete markers ${scope} with no version behind them would be removed`] : []),
    ...(meaning.abortDays === null
      ? []
      : [`incomplete uploads ${scope} would be aborted ${daysInWords(meaning.abortDays)} after they began`]),
  ];
  const sentence = clauses.length === 0 ? `nothing would happen to versions ${scope}` : clauses.join('; ');
  return meaning.enabled ? sentence : `disabled: ${sentence}`;
}
