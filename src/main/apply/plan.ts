import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { LifecycleConfiguration, MinimumSize, Rule } from '../../contract/lifecycle.ts';
import type { BucketFacts, Limits, Plan, PlanConsent, RedFlag, Stage } from '../../contract/plan.ts';
import type { PolicyIssue } from '../../contract/policy-check.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import { deletionPhrase } from '../../core/apply/confirmation.ts';
import { addedDeletions } from '../../core/apply/deletions.ts';
import { approvalReasons, beyondLimits } from '../../core/apply/limits.ts';
import { managerInWords, managersOf } from '../../core/apply/managers.ts';
import { ALARMING_SCORE, redFlagsOf } from '../../core/apply/red-flags.ts';
import { stagePolicy } from '../../core/apply/stage.ts';
import { canonicalRule, canonicalText, scopeOf } from '../../core/policy/canonical.ts';
import { diffRules } from '../../core/policy/diff.ts';
import { merge } from '../../core/policy/merge.ts';
import { checkPolicy } from '../../core/policy/validate/validate.ts';
import type { Configured } from '../../core/simulate/request.ts';
import { readBucketFacts } from '../s3/bucket-facts.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import type { Tuning } from '../s3/guard.ts';
import { getLifecycle, type StoredLifecycle } from '../s3/lifecycle.ts';
import { sha256, withHash } from './hash.ts';
import { seal } from './seal.ts';

const HOUR_MS = 3_600_000;

/** The two sides of a simulation, with what the bucket says of itself. */
export interface Sides {
  readonly baseline: Configured;
  readonly plan: Configured;
  readonly versioning: Plan['facts']['versioning'];
}

/** What both sides would do to a snapshot. */
export type Foreseen = Pick<Plan, 'effect' | 'impact'>;

export interface PlanOrder {
  readonly bucket: string;
  readonly policy: LifecycleConfiguration;
  /** What the policy says of small objects; null: nothing, so what holds now stays. */
  readonly minimumSize: MinimumSize;
  readonly remote: Remote;
  readonly stage: Stage;
  readonly consents: readonly PlanConsent[];
  readonly expiresInHours: number;
  readonly limits: Limits;
  readonly author: Plan['author'];
  readonly snapshot: Snapshot;
  readonly engineVersion: string;
  readonly now: Date;
  readonly tuning?: Tuning | undefined;
  /** Runs both sides over the snapshot, priced for a bucket in this region. */
  readonly foresee: (sides: Sides, region: string) => Promise<Result<Foreseen>>;
}

/** What will hold for small objects after a write: what was read, or AWS's default where there was nothing to read. */
function minimumSizeAfter(current: StoredLifecycle, endpoint: string | null): StoredLifecycle['minimumSize'] {
  if (current.minimumSize !== null) return current.minimumSize;
  return endpoint === null ? 'all_storage_classes_128K' : null;
}

const movesAnything = (configuration: LifecycleConfiguration | null): boolean =>
  (configuration?.Rules ?? []).some(
    (rule) => rule.Status === 'Enabled' && (rule.Transitions?.length ?? 0) + (rule.NoncurrentVersionTransitions?.length ?? 0) > 0,
  );

function warningsOf(
  order: PlanOrder,
  current: StoredLifecycle,
  proposed: StoredLifecycle,
  connection: S3Connection,
  facts: BucketFacts,
): string[] {
  const { snapshot, bucket } = order;
  const warnings: string[] = [];
  const returnsNoSize = current.minimumSize === null && connection.endpoint !== null;
  if (returnsNoSize && movesAnything(proposed.configuration)) {
    warnings.push('This endpoint returns no minimum-size setting: objects under 128 KiB would move too.');
  }
  if (connection.owner === null) {
    warnings.push('Nobody named the account that owns the bucket, so S3 cannot refuse a bucket that changed hands; name it with --owner.');
  }
  if (snapshot.isSample) warnings.push('The snapshot is the built-in sample: the figures say nothing about this bucket.');
  if (snapshot.bucket !== bucket) warnings.push(`The snapshot is of bucket "${snapshot.bucket}", not of "${bucket}".`);
  if (isStale(snapshot.asOf, order.now, order.limits)) {
    const days = Math.floor((order.now.getTime() - Date.parse(snapshot.asOf)) / (24 * HOUR_MS));
    warnings.push(
      isAhead(snapshot.asOf, order.now)
        ? `The snapshot is of ${snapshot.asOf}, which is still to come by the clock of this machine: one of the clocks is wrong.`
        : `The snapshot is ${days} days old; newer objects are not in the figures.`,
    );
  }
  if (snapshot.rowsAt !== null) {
    warnings.push('The rows of the snapshot are not in the index: what becomes different is not told version by version.');
  }
  if (snapshot.prefix !== '') warnings.push(`The snapshot holds only what is under "${snapshot.prefix}".`);
  if (!snapshot.allVersions) warnings.push('The snapshot lists current versions only.');
  if (snapshot.coverage < 1) warnings.push('The snapshot is not complete: parts of the bucket could not be listed.');
  if (facts.mfaDelete === 'enabled') warnings.push('MFA Delete is on: S3 does not support lifecycle rules on such a bucket.');
  for (const { what, action } of facts.unknown) warnings.push(`It is not known ${what}: the right ${action} is missing.`);
  return warnings;
}

/** What S3 would refuse or its owner regret, of every rule that would stand, whoever wrote it. */
const findingsOf = ({ configuration, minimumSize }: StoredLifecycle): PolicyIssue[] =>
  configuration === null ? [] : checkPolicy({ format: 'json', configuration, minimumSize: minimumSize ?? undefined }).issues;

/** What applying will ask consent to. */
function needsOf(order: PlanOrder, facts: BucketFacts, redFlags: readonly RedFlag[], news: readonly Rule[]): Plan['needs'] {
  const { snapshot, bucket, now, limits } = order;
  const needs: Plan['needs'] = [];
  if (snapshot.isSample || snapshot.bucket !== bucket) {
    needs.push({
      consent: 'otherSnapshot',
      words: 'The figures are of other data than this bucket: what the rules would delete here is not known.',
    });
  } else if (news.some((rule) => !scopeOf(rule).prefix.startsWith(snapshot.prefix))) {
    needs.push({
      consent: 'otherSnapshot',
      words: `The snapshot holds only what is under "${snapshot.prefix}": what the rules would do elsewhere in the bucket is in no figure.`,
    });
  }
  if (isStale(snapshot.asOf, now, limits)) {
    needs.push({
      consent: 'staleSnapshot',
      words: isAhead(snapshot.asOf, now)
        ? `The snapshot is of ${snapshot.asOf}, which is still to come: with a clock that is wrong its age is not known.`
        : `The snapshot is older than ${limits.maxSnapshotAgeHours} hours: what was written since is not in the figures.`,
    });
  }
  for (const manager of facts.managers.slice(0, 1)) {
    const words = `The bucket is managed by ${managerInWords(manager)}: what is written past it is undone by the next deployment, or breaks it.`;
    needs.push({ consent: 'managedBucket', words });
  }
  for (const flag of redFlags.filter(({ ruleId, score }) => score >= ALARMING_SCORE && isOwnedId(ruleId)).slice(0, 1)) {
    needs.push({ consent: 'redFlags', words: flag.words });
  }
  return needs;
}

/** Whether an instant lies further ahead than clocks of two machines may differ. */
export const isAhead = (instant: string, now: Date): boolean => Date.parse(instant) - now.getTime() > HOUR_MS;

/** Whether a snapshot is too old by the limits, or its age cannot be told because it is from the future. */
export function isStale(asOf: string, now: Date, { maxSnapshotAgeHours: most }: Limits): boolean {
  return most !== null && (now.getTime() - Date.parse(asOf) > most * HOUR_MS || isAhead(asOf, now));
}

/** Rules in force that say something which the configuration of now does not. */
function newRules(current: LifecycleConfiguration | null, proposed: LifecycleConfiguration | null): Rule[] {
  const meaning = (rule: Rule): string => JSON.stringify({ ...canonicalRule(rule), id: null });
  const known = new Set((current?.Rules ?? []).map(meaning));
  return (proposed?.Rules ?? []).filter((rule) => rule.Status === 'Enabled' && !known.has(meaning(rule)));
}

const isOwnedId = (ruleId: string | null): boolean => ruleId?.startsWith(OWNED_RULE_PREFIX) ?? false;

/** Reads the bucket, merges, compares and simulates. Writes nothing. */
export async function makePlan(order: PlanOrder, signal?: AbortSignal): Promise<Result<Plan>> {
  return withConnection(order.remote, order.bucket, signal, (connection) => planOn(connection, order, signal), order.tuning);
}

async function planOn(connection: S3Connection, order: PlanOrder, signal: AbortSignal | undefined): Promise<Result<Plan>> {
  const { bucket, snapshot, consents, now } = order;
  const current = await getLifecycle(connection, bucket, signal);
  if (!current.ok) return current;
  const read = await readBucketFacts(connection, bucket, signal);
  if (!read.ok) return read;
  const ruleIds = (current.value.configuration?.Rules ?? []).map(({ ID }) => ID ?? '');
  const facts: BucketFacts = { ...read.value, managers: [...read.value.managers, ...managersOf([], ruleIds).filter(isNewIn(read.value))] };
  const policy = stagePolicy(order.policy, current.value.configuration, order.stage);
  const merged = merge({
    current: current.value.configuration,
    policy,
    convertLegacy: consents.includes('convertLegacy'),
    isCustomEndpoint: connection.endpoint !== null,
  });
  if (!merged.ok) return merged;
  const { configuration } = merged.value;
  if (configuration === null && current.value.configuration !== null && !consents.includes('removeLastRule')) {
    const message = `No rule would be left in bucket "${bucket}": its lifecycle configuration would be deleted as a whole, and nothing would expire or move any more.`;
    return err(appError('LastRule', message));
  }

  const minimumSize = order.minimumSize ?? minimumSizeAfter(current.value, connection.endpoint);
  const proposed: StoredLifecycle = { configuration, minimumSize: configuration === null ? null : minimumSize };
  const foreseen = await order.foresee(
    { baseline: current.value, plan: { configuration, minimumSize }, versioning: facts.versioning },
    connection.region,
  );
  if (!foreseen.ok) return foreseen;
  const { effect, impact } = foreseen.value;

  const addsDeletions = addedDeletions(current.value.configuration, configuration).length > 0;
  const destroyed = destroyedBy(foreseen.value, addsDeletions);
  const deletes = addsDeletions || destroyed.versions > 0;
  const weighed = { destroyed, effect, inputs: { snapshotBytes: snapshot.bytes } };
  const beyond = beyondLimits(weighed, order.limits);
  if (beyond.length > 0) {
    return err(appError('BlastRadius', `The plan goes further than this workspace allows: ${beyond.join('; ')}.`));
  }
  const reasons = approvalReasons(weighed, order.limits);
  const redFlags = redFlagsOf({ bucket, configuration, known: current.value.configuration, facts, nowMs: now.getTime() });
  return ok(
    seal({
      format: 'isotherm-plan/2' as const,
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + order.expiresInHours * HOUR_MS).toISOString(),
      engineVersion: order.engineVersion,
      author: order.author,
      target: {
        bucket,
        endpoint: connection.endpoint,
        region: connection.region,
        pathStyle: connection.pathStyle,
        owner: connection.owner,
      },
      stage: order.stage,
      inputs: {
        snapshotId: snapshot.snapshotId,
        snapshotBucket: snapshot.bucket,
        snapshotAsOf: snapshot.asOf,
        snapshotVersions: snapshot.versions,
        snapshotBytes: snapshot.bytes,
        allVersions: snapshot.allVersions,
        coverage: snapshot.coverage,
        manifestMd5: snapshot.manifestMd5,
        priceRegion: effect.region,
        priceAsOf: effect.priceAsOf,
        policyHash: sha256(canonicalText(order.policy, null)),
        isSample: snapshot.isSample,
      },
      facts,
      consents: [...consents],
      needs: needsOf(order, facts, redFlags, newRules(current.value.configuration, configuration)),
      current: withHash(current.value),
      proposed: withHash(proposed),
      changes: diffRules(current.value.configuration, configuration),
      findings: findingsOf(proposed),
      redFlags,
      effect,
      impact,
      destroyed,
      deletes,
      confirmation: deletes ? deletionPhrase(bucket, destroyed) : null,
      limits: order.limits,
      approval: { required: reasons.length > 0, reasons },
      warnings: [...merged.value.warnings, ...warningsOf(order, current.value, proposed, connection, facts)],
    }),
  );
}

/** What a plan is confirmed and limited by; without the rows, more rather than less. */
function destroyedBy({ effect, impact }: Foreseen, addsDeletions: boolean): Plan['destroyed'] {
  if (impact !== null) return { versions: impact.destroyed.versions, bytes: impact.destroyed.bytes };
  const { expired, hidden } = effect.effects;
  return addsDeletions ? { versions: expired.versions + hidden.versions, bytes: expired.bytes + hidden.bytes } : { versions: 0, bytes: 0 };
}

const isNewIn =
  (facts: BucketFacts) =>
  ({ tool }: BucketFacts['managers'][number]): boolean =>
    facts.managers.every((known) => known.tool !== tool);
