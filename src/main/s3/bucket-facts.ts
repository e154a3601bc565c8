import { createHash } from 'node:crypto';
import type { BucketFacts } from '../../contract/plan.ts';
import { ok, type Result } from '../../contract/result.ts';
import { managersOf } from '../../core/apply/managers.ts';
import { ACTION_OF, type Request } from '../../core/rights/actions.ts';
import type { S3Connection } from './client.ts';
import { isNotHere, remoteError, serviceCode } from './errors.ts';

/** What a question came to: the answer, null where there is none to give, or unknown where we may not ask. */
type Known<T> = { readonly known: true; readonly value: T | null } | { readonly known: false };

interface Question<T> {
  readonly name: Request;
  /** What stays unknown without the right to ask. */
  readonly what: string;
  /** Codes that mean "there is none". */
  readonly none: readonly string[];
  readonly ask: () => Promise<T>;
}

/**
 * Everything but the rules that decides over the fate of versions: versioning, MFA delete, Object Lock, replication, and who else manages
 * the bucket. A missing right makes its answer unknown and is named; only a service that cannot be reached is a failure.
 */
export async function readBucketFacts(connection: S3Connection, bucket: string, signal?: AbortSignal): Promise<Result<BucketFacts>> {
  const { client, sdk, endpoint } = connection;
  const options = signal === undefined ? {} : { abortSignal: signal };
  const input = { Bucket: bucket };
  const unknown: BucketFacts['unknown'] = [];

  async function ask<T>(question: Question<T>): Promise<Result<Known<T>>> {
    try {
      return ok({ known: true, value: await question.ask() });
    } catch (cause) {
      const code = serviceCode(cause);
      if (question.none.includes(code)) return ok({ known: true, value: null });
      const error = remoteError(cause, { name: question.name, bucket, endpoint });
      if (error.code !== 'AccessDenied' && !isNotHere(code)) return { ok: false, error };
      unknown.push({ what: question.what, action: ACTION_OF[question.name] });
      return ok({ known: false });
    }
  }

  const versioning = await ask({
    name: 'GetBucketVersioning',
    what: 'whether the bucket keeps versions',
    none: [],
    ask: () => client.send(new sdk.GetBucketVersioningCommand(input), options),
  });
  if (!versioning.ok) return versioning;
  const lock = await ask({
    name: 'GetObjectLockConfiguration',
    what: 'whether Object Lock protects versions',
    none: ['ObjectLockConfigurationNotFoundError', 'NoSuchObjectLockConfiguration'],
    ask: () => client.send(new sdk.GetObjectLockConfigurationCommand(input), options),
  });
  if (!lock.ok) return lock;
  const replication = await ask({
    name: 'GetBucketReplication',
    what: 'whether versions are replicated elsewhere',
    none: ['ReplicationConfigurationNotFoundError'],
    ask: () => client.send(new sdk.GetBucketReplicationCommand(input), options),
  });
  if (!replication.ok) return replication;
  const tagging = await ask({
    name: 'GetBucketTagging',
    what: 'whether a tool such as CloudFormation or Terraform manages the bucket',
    none: ['NoSuchTagSet'],
    ask: () => client.send(new sdk.GetBucketTaggingCommand(input), options),
  });
  if (!tagging.ok) return tagging;

  const tags = tagging.value.known ? (tagging.value.value?.TagSet ?? []) : [];
  return ok({
    versioning: versioningOf(versioning.value),
    mfaDelete: !versioning.value.known ? 'unknown' : versioning.value.value?.MFADelete === 'Enabled' ? 'enabled' : 'disabled',
    objectLock: lockOf(lock.value),
    replication: replicationOf(replication.value),
    managers: managersOf(tags.map(({ Key, Value }) => ({ key: Key ?? '', value: Value ?? '' }))),
    unknown,
  });
}

function versioningOf(answer: Known<{ Status?: string | undefined }>): BucketFacts['versioning'] {
  if (!answer.known) return 'unknown';
  const status = answer.value?.Status;
  return status === undefined ? 'unversioned' : status === 'Enabled' ? 'enabled' : 'suspended';
}

type LockAnswer = {
  ObjectLockConfiguration?:
    | {
        ObjectLockEnabled?: string | undefined;
        Rule?:
          | { DefaultRetention?: { Mode?: string | undefined; Days?: number | undefined; Years?: number | undefined } | undefined }
          | undefined;
      }
    | undefined;
};

/** S3 counts a year as 365 days (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html). */
const DAYS_A_YEAR = 365;

function lockOf(answer: Known<LockAnswer>): BucketFacts['objectLock'] {
  if (!answer.known) return { status: 'unknown', defaultMode: null, defaultRetentionDays: null };
  const configuration = answer.value?.ObjectLockConfiguration;
  const { Mode: mode, Days: days, Years: years } = configuration?.Rule?.DefaultRetention ?? {};
  return {
    status: configuration?.ObjectLockEnabled === 'Enabled' ? 'enabled' : 'disabled',
    defaultMode: mode ?? null,
    defaultRetentionDays: days ?? (years === undefined ? null : years * DAYS_A_YEAR),
  };
}

type ReplicationAnswer = {
  ReplicationConfiguration?:
    | { Role?: string | undefined; Rules?: { Destination?: { Bucket?: string | undefined } | undefined }[] | undefined }
    | undefined;
};

function replicationOf(answer: Known<ReplicationAnswer>): BucketFacts['replication'] {
  if (!answer.known) return { status: 'unknown', hash: null, destinations: [] };
  const rules = answer.value?.ReplicationConfiguration?.Rules ?? [];
  // Some servers answer an empty configuration where AWS says that there is none.
  if (rules.length === 0) return { status: 'disabled', hash: null, destinations: [] };
  const destinations = rules.map((rule) => rule.Destination?.Bucket?.replace(/^arn:[^:]*:s3:::/, '') ?? '');
  return {
    status: 'enabled',
    hash: createHash('sha256').update(JSON.stringify(rules)).digest('hex'),
    destinations: [...new Set(destinations)].sort(),
  };
}
