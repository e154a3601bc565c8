import { type Finding, refused, regretted } from './issue.ts';

/** Classes lifecycle can move to (s3-domain 4.1), with their minimum storage days before the next transition of the same rule (4.4). */
const MIN_STAY_DAYS: Readonly<Record<string, number>> = {
  STANDARD_IA: 30,
  ONEZONE_IA: 30,
  INTELLIGENT_TIERING: 0,
  GLACIER_IR: 90,
  GLACIER: 90,
  DEEP_ARCHIVE: 0,
};
/** Classes S3 has and lifecycle does not move to: refused by argument, where an unknown word is refused by the schema. */
const NO_TARGETS = new Set(['STANDARD', 'REDUCED_REDUNDANCY', 'OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE', 'FSX_OPENZFS', 'FSX_ONTAP']);
const MIN_IA_DAYS = 30;

/** From warm to cold; Intelligent-Tiering stands before the classes that lie behind it and beside the infrequent ones. */
const COLDNESS: Readonly<Record<string, number>> = {
  STANDARD_IA: 1,
  INTELLIGENT_TIERING: 1,
  ONEZONE_IA: 2,
  GLACIER_IR: 3,
  GLACIER: 4,
  DEEP_ARCHIVE: 5,
};
/** Later moves that the matrix of s3-domain 4.3 rules out, although the second class is the colder or an equal one. */
const DEAD_ENDS: ReadonlySet<string> = new Set([
  'ONEZONE_IA>INTELLIGENT_TIERING',
  'ONEZONE_IA>GLACIER_IR',
  'INTELLIGENT_TIERING>STANDARD_IA',
  'GLACIER_IR>INTELLIGENT_TIERING',
]);

/** One transition of a rule; `at` is its days, or the UTC day of its date. */
export interface Step {
  readonly field: string;
  readonly storageClass: string;
  readonly at: number | null;
  readonly unit: 'Days' | 'Date' | 'NoncurrentDays';
}

const isTarget = (storageClass: string): boolean => storageClass in MIN_STAY_DAYS;
const isInfrequent = (storageClass: string): boolean => storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA';

function targetFindings(steps: readonly Step[]): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { field, storageClass, at, unit } of steps) {
    if (!isTarget(storageClass)) {
      const awsCode = NO_TARGETS.has(storageClass) ? 'InvalidArgument' : 'MalformedXML';
      const words = `lifecycle cannot move versions to "${storageClass}"`;
      findings.push(
        refused(`${field}.StorageClass`, 'target-class', awsCode, words, `Choose one of ${Object.keys(MIN_STAY_DAYS).join(', ')}.`),
      );
    }
    if (seen.has(storageClass)) {
      const words = `${storageClass} is the target of more than one transition of the rule`;
      findings.push(refused(`${field}.StorageClass`, 'target-twice', 'InvalidRequest', words, 'Keep the earlier one.'));
    }
    seen.add(storageClass);
    if (at !== null && unit !== 'Date' && isInfrequent(storageClass) && at >= 0 && at < MIN_IA_DAYS) {
      const words = `${storageClass} needs at least ${MIN_IA_DAYS} days and ${at} are given`;
      findings.push(refused(`${field}.${unit}`, 'infrequent-too-early', 'InvalidArgument', words, `Write ${MIN_IA_DAYS} or more.`));
    }
  }
  return findings;
}

function orderFindings(steps: readonly Step[]): Finding[] {
  const findings: Finding[] = [];
  const timed = steps.filter((step): step is Step & { at: number } => step.at !== null && isTarget(step.storageClass));
  for (const colder of timed) {
    for (const warmer of timed) {
      if (warmer.unit !== colder.unit || (COLDNESS[warmer.storageClass] ?? 0) >= (COLDNESS[colder.storageClass] ?? 0)) continue;
      // Neither of these two can follow the other everywhere; S3's answer is not known.
      if (DEAD_ENDS.has(`${warmer.storageClass}>${colder.storageClass}`) && colder.at > warmer.at) continue;
      const where = `${colder.field}.${colder.unit}`;
      const stay = MIN_STAY_DAYS[warmer.storageClass] ?? 0;
      if (colder.at <= warmer.at) {
        const words = `${colder.storageClass} does not come later than ${warmer.storageClass}`;
        findings.push(refused(where, 'transition-order', 'InvalidArgument', words, 'Move to the colder class later.'));
      } else if (colder.unit !== 'Date' && colder.at - warmer.at < stay) {
        const words = `${colder.storageClass} comes ${colder.at - warmer.at} days after ${warmer.storageClass}, and ${stay} are needed`;
        findings.push(refused(where, 'transition-gap', 'InvalidArgument', words, `Write ${warmer.at + stay} or more.`));
      }
    }
  }
  for (const later of timed) {
    const dead = timed.find((earlier) => earlier.at < later.at && DEAD_ENDS.has(`${earlier.storageClass}>${later.storageClass}`));
    if (dead === undefined) continue;
    const words = `S3 does not move from ${dead.storageClass} to ${later.storageClass}, so this transition never happens`;
    findings.push(regretted(later.field, 'transition-dead-end', words, `Leave out this transition or the one to ${dead.storageClass}.`));
  }
  return findings;
}

/** What S3 would refuse in the transitions of one kind of a rule. */
export const stepFindings = (steps: readonly Step[]): Finding[] => [...targetFindings(steps), ...orderFindings(steps)];
