import type { AthenaClient } from '@aws-sdk/client-athena';
import { type AppError, appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { remoteError, serviceCode } from '../s3/errors.ts';
import { createRetryStrategy } from '../s3/retry.ts';

/** The SDK is loaded on first use: it would otherwise slow every verb down. */
const loadSdk = () => import('@aws-sdk/client-athena');
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/** What is asked of Athena. A query writes its result where its workgroup says; nothing else is written. */
const COMMANDS = new Set([
  'StartQueryExecutionCommand',
  'StopQueryExecutionCommand',
  'GetQueryExecutionCommand',
  'GetQueryResultsCommand',
  'GetTableMetadataCommand',
]);

/** IAM actions by operation (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html). */
const action = (operation: string): string => `athena:${operation}`;

export interface AthenaConnection {
  readonly client: AthenaClient;
  readonly sdk: Sdk;
  readonly region: string;
}

/** Connects with the SDK's credentials. The region is the one named, else that of the profile or environment. */
export async function connectAthena(remote: Remote): Promise<Result<AthenaConnection>> {
  const sdk = await loadSdk();
  const client = new sdk.AthenaClient({
    ...(remote.region === undefined ? {} : { region: remote.region }),
    ...(remote.profile === undefined ? {} : { profile: remote.profile }),
    maxAttempts: 6,
    retryStrategy: createRetryStrategy(6),
  });
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (!COMMANDS.has(`${context.commandName}`)) throw new Error(`${context.commandName} is not asked of Athena`);
      context.userAgent = [...(context.userAgent ?? []), ['isotherm', 'query']];
      return next(args);
    },
    { step: 'initialize', name: 'isothermQueries' },
  );
  try {
    return ok({ client, sdk, region: await client.config.region() });
  } catch {
    client.destroy();
    return err(
      appError('RegionUnknown', 'The region of the workgroup is not known.', {
        field: 'region',
        next: 'Name it with --region, or set it in the profile or as AWS_REGION.',
      }),
    );
  }
}

/** Whatever the SDK threw, in our words. */
export function athenaError(error: unknown, operation: string): AppError {
  const code = serviceCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const where = { detail: `${code}: ${message}` };
  if (code === 'MetadataException' || code === 'EntityNotFoundException' || code === 'ResourceNotFoundException')
    return appError('TableNotFound', 'Athena does not know the table.', where);
  if (code === 'InvalidRequestException' && /WorkGroup .* is not found/i.test(message))
    return appError('SourceNotFound', 'There is no such workgroup.', {
      ...where,
      next: 'Name a workgroup of this region (athena://workgroup/…).',
    });
  if (code === 'InvalidRequestException' && /output ?location/i.test(message)) {
    return appError('Usage', 'Athena has nowhere to put results.', {
      ...where,
      field: 'output',
      next: 'Name a place with --output s3://bucket/prefix/, or set one in the workgroup.',
    });
  }
  if (code === 'AccessDeniedException')
    return appError('AccessDenied', `Access was denied for ${operation}. It needs the action ${action(operation)}.`, where);
  // The SDK calls a connection that broke off a timeout too.
  if (code === 'TimeoutError' && /ECONNRESET|socket hang up/.test(message))
    return appError('RemoteFailed', `The connection to Athena broke off during ${operation}.`, where);
  return remoteError(error, { name: operation, endpoint: null });
}

/** Why a query ended without a result: StateChangeReason begins with the engine's own name of the error. */
export function queryFailure(reason: string): AppError {
  const where = { detail: reason };
  if (/TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|does not exist/.test(reason))
    return appError('TableNotFound', 'Athena does not know the table.', where);
  if (/COLUMN_NOT_FOUND|cannot be resolved/.test(reason))
    return appError('TableShape', 'The table is not as Athena described it before.', where);
  if (/exhausted resources|EXCEEDED_/.test(reason)) {
    return appError('QueryFailed', 'Athena has not enough memory or time for the query.', {
      ...where,
      next: 'Take a workgroup with provisioned capacity, or try again.',
    });
  }
  if (/Access Denied|AccessDenied|PERMISSION_DENIED|insufficient permissions/i.test(reason)) {
    return appError('AccessDenied', 'Athena may not read the table or write the result with these credentials.', {
      ...where,
      next: 'Grant s3:GetObject and s3:ListBucket on the report, and s3:PutObject, s3:GetBucketLocation on the place of results.',
    });
  }
  if (/HIVE_BAD_DATA|HIVE_CURSOR_ERROR|HIVE_PARTITION_SCHEMA_MISMATCH/.test(reason))
    return appError('TableShape', 'The files of the table are not what its columns say.', where);
  return appError('QueryFailed', 'Athena ended the query with a failure.', where);
}
