import type { Rule } from '../../contract/lifecycle.ts';
import type { Problem } from './problem.ts';

/** Classes lifecycle can move to, from warm to cold (s3-domain 4.1). */
const TARGETS = ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];
const MIN_IA_DAYS = 30;
const MAX_NEWER_VERSIONS = 100;
/** Days a version has to stay in a class before the next transition of the same rule (s3-domain 4.4). */
const MIN_STAY_DAYS: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30, GLACIER_IR: 90, GLACIER: 90 };

const isInfrequent = (storageClass: string): boolean => storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA';

/** Transitions of one kind in one shape, so that current and noncurrent ones share their checks. */
interface Step {
  readonly field: string;
  readonly storageClass: string;
  readonly days: number | undefined;
  readonly daysField: string;
}

function stepProblems(steps: readonly Step[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { field, storageClass, days, daysField } of steps) {
    if (!TARGETS.includes(storageClass))
      problems.push({ field: `${field}.StorageClass`, message: `lifecycle cannot move versions to "${storageClass}"` });
    if (seen.has(storageClass)) problems.push({ field: `${field}.StorageClass`, message: `${storageClass} is named twice` });
    seen.add(storageClass);
    if (days === undefined) continue;
    if (days < 0) problems.push({ field: `${field}.${daysField}`, message: 'must not be negative' });
    if (isInfrequent(storageClass) && days < MIN_IA_DAYS) {
      problems.push({ field: `${field}.${daysField}`, message: `${storageClass} needs at least ${MIN_IA_DAYS} days, not ${days}` });
    }
  }
  const ordered = steps
    .filter((step): step is Step & { days: number } => step.days !== undefined && TARGETS.includes(step.storageClass))
    .sort((a, b) => TARGETS.indexOf(a.storageClass) - TARGETS.indexOf(b.storageClass));
  for (const [index, colder] of ordered.entries()) {
    for (const warmer of ordered.slice(0, index)) {
      if (colder.storageClass === warmer.storageClass) continue;
      const stay = MIN_STAY_DAYS[warmer.storageClass] ?? 0;
      const where = { field: `${colder.field}.${colder.daysField}` };
      if (colder.days <= warmer.days) {
        problems.push({
          ...where,
          message: `${colder.storageClass} must come later than ${warmer.storageClass} (${colder.days} after ${warmer.days} days)`,
        });
      } else if (colder.days - warmer.days < stay) {
        problems.push({ ...where, message: `${colder.storageClass} must come at least ${stay} days after ${warmer.storageClass}` });
      }
    }
  }
  return problems;
}

const isDateNotLater = (later: string | undefined, earlier: string | undefined): boolean =>
  later !== undefined && earlier !== undefined && Date.parse(later) <= Date.parse(earlier);

function dateProblems(field: string, date: string | undefined): Problem[] {
  if (date === undefined) return [];
  const ms = Date.parse(date);
  if (Number.isNaN(ms)) return [{ field, message: 'is not a date' }];
  return ms % 86_400_000 === 0 ? [] : [{ field, message: 'must be at midnight UTC' }];
}

function currentProblems(rule: Rule): Problem[] {
  const transitions = rule.Transitions ?? [];
  const problems: Problem[] = [];
  for (const [index, step] of transitions.entries()) {
    const field = `Transitions[${index}]`;
    const colder = transitions.find(
      (other) => TARGETS.indexOf(other.StorageClass) > TARGETS.indexOf(step.StorageClass) && isDateNotLater(other.Date, step.Date),
    );
    if (colder !== undefined)
      problems.push({ field: 'Transitions', message: `${colder.StorageClass} must come later than ${step.StorageClass}` });
    if ((step.Days === undefined) === (step.Date === undefined)) problems.push({ field, message: 'needs either Days or Date' });
    problems.push(...dateProblems(`${field}.Date`, step.Date));
  }
  problems.push(
    ...stepProblems(
      transitions.map((step, index) => ({
        field: `Transitions[${index}]`,
        storageClass: step.StorageClass,
        days: step.Days,
        daysField: 'Days',
      })),
    ),
  );
  const usesDays = transitions.some(({ Days }) => Days !== undefined);
  const usesDate = transitions.some(({ Date: date }) => date !== undefined);
  if (usesDays && usesDate) problems.push({ field: 'Transitions', message: 'Days and Date are mixed' });
  const expiration = rule.Expiration;
  if (expiration === undefined) return problems;
  const { Days: days, Date: date, ExpiredObjectDeleteMarker: marker } = expiration;
  const given = [days, date, marker].filter((value) => value !== undefined).length;
  if (given !== 1) problems.push({ field: 'Expiration', message: 'needs exactly one of Days, Date and ExpiredObjectDeleteMarker' });
  if (days !== undefined && days < 1) problems.push({ field: 'Expiration.Days', message: 'must be at least 1' });
  problems.push(...dateProblems('Expiration.Date', date));
  if ((days !== undefined && usesDate) || (date !== undefined && usesDays)) {
    problems.push({ field: 'Expiration', message: 'Days and Date are mixed between expiration and transitions' });
  }
  for (const step of transitions) {
    if (days !== undefined && step.Days !== undefined && days <= step.Days) {
      problems.push({
        field: 'Expiration.Days',
        message: `must be more than the ${step.Days} days of the transition to ${step.StorageClass}`,
      });
    }
    if (isDateNotLater(date, step.Date)) {
      problems.push({ field: 'Expiration.Date', message: `must be later than the transition to ${step.StorageClass}` });
    }
  }
  return problems;
}

function newerProblems(field: string, newer: number | undefined): Problem[] {
  return newer === undefined || (newer >= 1 && newer <= MAX_NEWER_VERSIONS)
    ? []
    : [{ field: `${field}.NewerNoncurrentVersions`, message: `must be between 1 and ${MAX_NEWER_VERSIONS}` }];
}

function noncurrentProblems(rule: Rule): Problem[] {
  const transitions = rule.NoncurrentVersionTransitions ?? [];
  const problems: Problem[] = [];
  for (const [index, step] of transitions.entries()) {
    const field = `NoncurrentVersionTransitions[${index}]`;
    if (step.NoncurrentDays === undefined) problems.push({ field: `${field}.NoncurrentDays`, message: 'is missing' });
    problems.push(...newerProblems(field, step.NewerNoncurrentVersions));
  }
  problems.push(
    ...stepProblems(
      transitions.map((step, index) => ({
        field: `NoncurrentVersionTransitions[${index}]`,
        storageClass: step.StorageClass,
        days: step.NoncurrentDays,
        daysField: 'NoncurrentDays',
      })),
    ),
  );
  const expiration = rule.NoncurrentVersionExpiration;
  if (expiration === undefined) return problems;
  const field = 'NoncurrentVersionExpiration';
  const days = expiration.NoncurrentDays;
  if (days === undefined) problems.push({ field: `${field}.NoncurrentDays`, message: 'is missing' });
  else if (days < 1) problems.push({ field: `${field}.NoncurrentDays`, message: 'must be at least 1' });
  problems.push(...newerProblems(field, expiration.NewerNoncurrentVersions));
  for (const step of transitions) {
    if (days !== undefined && step.NoncurrentDays !== undefined && days <= step.NoncurrentDays) {
      problems.push({
        field: `${field}.NoncurrentDays`,
        message: `must be more than the ${step.NoncurrentDays} days of the transition to ${step.StorageClass}`,
      });
    }
  }
  return problems;
}

/** What S3 would refuse in the actions of a rule (s3-domain 4.4). */
export function actionProblems(rule: Rule): Problem[] {
  const problems: Problem[] = [];
  const actions = [
    (rule.Transitions?.length ?? 0) > 0,
    rule.Expiration !== undefined,
    (rule.NoncurrentVersionTransitions?.length ?? 0) > 0,
    rule.NoncurrentVersionExpiration !== undefined,
    rule.AbortIncompleteMultipartUpload !== undefined,
  ];
  if (!actions.includes(true)) problems.push({ field: 'Rule', message: 'the rule has no action' });
  const abort = rule.AbortIncompleteMultipartUpload;
  if (abort !== undefined) {
    const days = abort.DaysAfterInitiation;
    if (days === undefined || days < 1)
      problems.push({ field: 'AbortIncompleteMultipartUpload.DaysAfterInitiation', message: 'must be at least 1' });
  }
  return [...problems, ...currentProblems(rule), ...noncurrentProblems(rule)];
}
