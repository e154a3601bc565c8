import type { Rule } from '../../../contract/lifecycle.ts';
import { DAY_MS } from '../../../contract/units.ts';
import { type Finding, refused, regretted } from './issue.ts';
import { type Step, stepFindings } from './steps.ts';

const MAX_DAYS = 2_147_483_647;
const MAX_NEWER_VERSIONS = 100;
/** A date as S3's schema takes it: a day, or an instant with its offset. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function daysFindings(field: string, days: number | undefined, least: 0 | 1): Finding[] {
  if (days === undefined || (days >= least && days <= MAX_DAYS)) return [];
  const words =
    days > MAX_DAYS ? `${days} days are more than ${MAX_DAYS}` : `${days} is ${least === 0 ? 'negative' : 'not a positive number of days'}`;
  return [refused(field, 'days-range', 'InvalidArgument', words, `Write ${least} or more.`)];
}

function dateFindings(field: string, date: string | undefined): Finding[] {
  if (date === undefined) return [];
  const ms = ISO_DATE.test(date) ? Date.parse(date) : Number.NaN;
  const fix = 'Write a day such as 2030-01-01T00:00:00Z.';
  if (Number.isNaN(ms)) return [refused(field, 'date-form', 'MalformedXML', `"${date}" is not a date`, fix)];
  return ms % DAY_MS === 0 ? [] : [refused(field, 'date-midnight', 'InvalidArgument', `${date} is not at midnight UTC`, fix)];
}

const MIXED = 'Use Days everywhere in the rule, or Date everywhere.';

function transitionFindings(rule: Rule): Finding[] {
  const transitions = rule.Transitions ?? [];
  const findings: Finding[] = [];
  for (const [index, step] of transitions.entries()) {
    const field = `Transitions[${index}]`;
    if ((step.Days === undefined) === (step.Date === undefined)) {
      const words = step.Days === undefined ? 'neither Days nor Date is given' : 'both Days and Date are given';
      findings.push(refused(field, 'transition-when', 'MalformedXML', words, 'Give either Days or Date.'));
    }
    findings.push(...daysFindings(`${field}.Days`, step.Days, 0), ...dateFindings(`${field}.Date`, step.Date));
  }
  if (transitions.some(({ Days }) => Days !== undefined) && transitions.some(({ Date: date }) => date !== undefined))
    findings.push(refused('Transitions', 'days-date-mixed', 'InvalidRequest', 'Days and Date are mixed', MIXED));
  const steps = transitions.map(
    (step, index): Step => ({ field: `Transitions[${index}]`, storageClass: step.StorageClass, ...whenOf(step) }),
  );
  return [...findings, ...stepFindings(steps)];
}

function whenOf(step: { readonly Days?: number | undefined; readonly Date?: string | undefined }): Pick<Step, 'at' | 'unit'> {
  if (step.Days !== undefined) return { at: step.Days, unit: 'Days' };
  const ms = step.Date === undefined ? Number.NaN : Date.parse(step.Date);
  return { at: Number.isNaN(ms) ? null : ms / DAY_MS, unit: 'Date' };
}

function expirationFindings(rule: Rule): Finding[] {
  const { Expiration: expiration } = rule;
  if (expiration === undefined) return [];
  const findings: Finding[] = [];
  const { Days: days, Date: date, ExpiredObjectDeleteMarker: marker } = expiration;
  const given = Object.entries({ Days: days, Date: date, ExpiredObjectDeleteMarker: marker }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const words = given.length === 0 ? 'it is empty' : `${given.map(([name]) => name).join(' and ')} are given together`;
    findings.push(
      refused(
        'Expiration',
        'expiration-one',
        'MalformedXML',
        words,
        'Give one of Days, Date and ExpiredObjectDeleteMarker; use another rule for another.',
      ),
    );
  }
  findings.push(...daysFindings('Expiration.Days', days, 1), ...dateFindings('Expiration.Date', date));
  const transitions = rule.Transitions ?? [];
  const usesDays = transitions.some((step) => step.Days !== undefined);
  const usesDate = transitions.some((step) => step.Date !== undefined);
  if ((days !== undefined && usesDate) || (date !== undefined && usesDays)) {
    const words = 'Days and Date are mixed between the expiration and the transitions';
    findings.push(refused('Expiration', 'days-date-mixed', 'InvalidRequest', words, MIXED));
    return findings;
  }
  for (const step of transitions) {
    const isLate = days !== undefined ? step.Days !== undefined && days <= step.Days : isNotLater(date, step.Date);
    if (!isLate) continue;
    const field = `Expiration.${days === undefined ? 'Date' : 'Days'}`;
    const words = `${days ?? date} is not later than the transition to ${step.StorageClass}, ${step.Days ?? step.Date}`;
    findings.push(refused(field, 'expiration-order', 'InvalidArgument', words, 'Expire later than every transition of the rule.'));
  }
  return findings;
}

const isNotLater = (later: string | undefined, earlier: string | undefined): boolean =>
  later !== undefined && earlier !== undefined && Date.parse(later) <= Date.parse(earlier);

function newerFindings(field: string, newer: number | undefined): Finding[] {
  if (newer === undefined) return [];
  const at = `${field}.NewerNoncurrentVersions`;
  if (newer < 1)
    return [refused(at, 'newer-range', 'InvalidArgument', `${newer} is not a positive number`, `Write 1 to ${MAX_NEWER_VERSIONS}.`)];
  if (newer <= MAX_NEWER_VERSIONS) return [];
  const words = `${newer} is more than the ${MAX_NEWER_VERSIONS} that S3's documentation allows`;
  return [regretted(at, 'newer-above-documented', words, `Keep ${MAX_NEWER_VERSIONS} or fewer.`)];
}

function noncurrentFindings(rule: Rule): Finding[] {
  const findings: Finding[] = [];
  const isLegacy = rule.Filter === undefined && rule.Prefix !== undefined;
  const missing = (field: string) =>
    refused(`${field}.NoncurrentDays`, 'noncurrent-days-missing', 'MalformedXML', 'NoncurrentDays is missing', 'Say after how many days.');
  const newer = (field: string, count: number | undefined): void => {
    findings.push(...newerFindings(field, count));
    if (count !== undefined && isLegacy) {
      const words = 'it can only be used in a rule with Filter';
      findings.push(
        refused(`${field}.NewerNoncurrentVersions`, 'newer-needs-filter', 'InvalidRequest', words, 'Write the prefix inside Filter.'),
      );
    }
  };
  const transitions = rule.NoncurrentVersionTransitions ?? [];
  for (const [index, step] of transitions.entries()) {
    const field = `NoncurrentVersionTransitions[${index}]`;
    if (step.NoncurrentDays === undefined) findings.push(missing(field));
    findings.push(...daysFindings(`${field}.NoncurrentDays`, step.NoncurrentDays, 0));
    newer(field, step.NewerNoncurrentVersions);
  }
  findings.push(
    ...stepFindings(
      transitions.map((step, index) => ({
        field: `NoncurrentVersionTransitions[${index}]`,
        storageClass: step.StorageClass,
        at: step.NoncurrentDays ?? null,
        unit: 'NoncurrentDays',
      })),
    ),
  );
  const expiration = rule.NoncurrentVersionExpiration;
  if (expiration === undefined) return findings;
  const field = 'NoncurrentVersionExpiration';
  const days = expiration.NoncurrentDays;
  if (days === undefined) findings.push(missing(field));
  findings.push(...daysFindings(`${field}.NoncurrentDays`, days, 1));
  newer(field, expiration.NewerNoncurrentVersions);
  for (const step of transitions) {
    if (days === undefined || step.NoncurrentDays === undefined || days > step.NoncurrentDays) continue;
    const words = `${days} is not more than the ${step.NoncurrentDays} days of the transition to ${step.StorageClass}`;
    const fix = 'Remove noncurrent versions later than the rule moves them.';
    findings.push(refused(`${field}.NoncurrentDays`, 'expiration-order', 'InvalidArgument', words, fix));
  }
  return findings;
}

/** What S3 would refuse in the actions of a rule (s3-domain 4.4). */
export function actionFindings(rule: Rule): Finding[] {
  const findings: Finding[] = [];
  const abort = rule.AbortIncompleteMultipartUpload;
  const actions = [
    (rule.Transitions?.length ?? 0) > 0,
    rule.Expiration !== undefined,
    (rule.NoncurrentVersionTransitions?.length ?? 0) > 0,
    rule.NoncurrentVersionExpiration !== undefined,
    abort !== undefined,
  ];
  if (!actions.includes(true))
    findings.push(
      refused('', 'no-action', 'InvalidRequest', 'the rule does nothing', 'Add a transition, an expiration or another action.'),
    );
  const field = 'AbortIncompleteMultipartUpload.DaysAfterInitiation';
  if (abort !== undefined && abort.DaysAfterInitiation === undefined)
    findings.push(refused(field, 'abort-days-missing', 'MalformedXML', 'DaysAfterInitiation is missing', 'Say after how many days.'));
  findings.push(...daysFindings(field, abort?.DaysAfterInitiation, 1));
  return [...findings, ...transitionFindings(rule), ...expirationFindings(rule), ...noncurrentFindings(rule)];
}
