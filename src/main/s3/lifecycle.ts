import type { LifecycleRule, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { type AppError, appError } from '../../contract/errors.ts';
import { type LifecycleConfiguration, LifecycleConfigurationSchema, MINIMUM_SIZES, type MinimumSize } from '../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { S3Connection } from './client.ts';
import { attempt, isUnanswered, remoteError, serviceCode } from './errors.ts';
import { permitWrite } from './permit.ts';

/** A bucket's lifecycle configuration and its setting for small objects; both null where there is none. */
export interface StoredLifecycle {
  readonly configuration: LifecycleConfiguration | null;
  readonly minimumSize: MinimumSize;
}

/** The SDK gives Date objects and undefined members: out of them come ISO strings and absent members. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .map(([name, member]) => [name, plain(member)]),
  );
}

const isMinimumSize = (value: unknown): value is (typeof MINIMUM_SIZES)[number] => (MINIMUM_SIZES as readonly unknown[]).includes(value);

/**
 * Reads a bucket's configuration (GetBucketLifecycleConfiguration). No configuration is a value, not a failure.
 * PolicyUnsupported when the bucket holds an element this version does not know: it could not be kept on a write.
 */
export async function getLifecycle(connection: S3Connection, bucket: string, signal?: AbortSignal): Promise<Result<StoredLifecycle>> {
  const operation = { name: 'GetBucketLifecycleConfiguration', bucket, endpoint: connection.endpoint };
  try {
    const answer = await connection.client.send(
      new connection.sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    const minimumSize = isMinimumSize(answer.TransitionDefaultMinimumObjectSize) ? answer.TransitionDefaultMinimumObjectSize : null;
    // Without any rule S3 answers 404 (s3-domain 4.4): this is an answer that lost its body, and no proof that there is none.
    if (answer.Rules === undefined || answer.Rules.length === 0) {
      return err(appError('RemoteFailed', `The answer to GetBucketLifecycleConfiguration on bucket "${bucket}" holds no rule at all.`));
    }
    const parsed = v.safeParse(LifecycleConfigurationSchema, { Rules: plain(answer.Rules) });
    if (parsed.success) return ok({ configuration: parsed.output, minimumSize });
    const field = v.getDotPath(parsed.issues[0]) ?? 'Rules';
    return err(
      appError('PolicyUnsupported', `The configuration of bucket "${bucket}" holds something this version does not know.`, {
        field,
        detail: parsed.issues[0].message,
        next: 'Change this bucket with another tool, or remove that element first; nothing was changed.',
      }),
    );
  } catch (error) {
    if (serviceCode(error) === 'NoSuchLifecycleConfiguration') return ok({ configuration: null, minimumSize: null });
    return err(remoteError(error, operation));
  }
}

const toDate = (iso: string | undefined): { Date?: Date } => (iso === undefined ? {} : { Date: new Date(iso) });

function toSdkRule(rule: LifecycleConfiguration['Rules'][number]): LifecycleRule {
  const { Transitions, Expiration, ...rest } = rule;
  return {
    ...rest,
    ...(Transitions === undefined ? {} : { Transitions: Transitions.map(({ Date: date, ...step }) => ({ ...step, ...toDate(date) })) }),
    ...(Expiration === undefined ? {} : { Expiration: (({ Date: date, ...others }) => ({ ...others, ...toDate(date) }))(Expiration) }),
  } as LifecycleRule;
}

/** How a write went out. `isCertain` false: an attempt got no answer, so it may still take effect later. */
export interface Sent {
  readonly isCertain: boolean;
  readonly error: AppError | null;
}

/**
 * Writes a bucket's whole configuration; `null` rules delete it. The minimum size that was read is always sent
 * again: leaving it out would store the default (s3-domain 4.2).
 */
export async function putLifecycle(connection: S3Connection, bucket: string, wanted: StoredLifecycle): Promise<Sent> {
  const { client, sdk, endpoint } = connection;
  const { configuration, minimumSize } = wanted;
  const isDelete = configuration === null || configuration.Rules.length === 0;
  const operation = { name: isDelete ? 'DeleteBucketLifecycle' : 'PutBucketLifecycleConfiguration', bucket, endpoint };
  const answer = await attempt(operation, () =>
    isDelete
      ? client.send(permitWrite('lifecycle', new sdk.DeleteBucketLifecycleCommand({ Bucket: bucket })))
      : client.send(
          permitWrite(
            'lifecycle',
            new sdk.PutBucketLifecycleConfigurationCommand({
              Bucket: bucket,
              LifecycleConfiguration: { Rules: configuration.Rules.map(toSdkRule) },
              ...(minimumSize === null
                ? {}
                : { TransitionDefaultMinimumObjectSize: minimumSize satisfies TransitionDefaultMinimumObjectSize }),
            }),
          ),
        ),
  );
  if (!answer.ok) return { isCertain: !isUnanswered(answer.error), error: answer.error };
  return { isCertain: (answer.value.$metadata.attempts ?? 1) === 1, error: null };
}
