/**
 * The IAM action each request needs; several do not bear the request's name (s3-domain 5.1,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
 */
export const ACTION_OF = {
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListParts: 's3:ListMultipartUploadParts',
  HeadBucket: 's3:ListBucket',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  GetObjectTagging: 's3:GetObjectTagging',
  GetBucketLocation: 's3:GetBucketLocation',
  GetBucketVersioning: 's3:GetBucketVersioning',
  GetObjectLockConfiguration: 's3:GetBucketObjectLockConfiguration',
  GetBucketReplication: 's3:GetReplicationConfiguration',
  GetBucketTagging: 's3:GetBucketTagging',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
  DeleteBucketLifecycle: 's3:PutLifecycleConfiguration',
  PutObject: 's3:PutObject',
  CreateJob: 's3:CreateJob',
  DescribeJob: 's3:DescribeJob',
  ListJobs: 's3:ListJobs',
  UpdateJobStatus: 's3:UpdateJobStatus',
} as const satisfies Record<string, string>;

export type Request = keyof typeof ACTION_OF;

/** The action a request needs, by its name in the SDK; undefined where the product sends no such request. */
export const actionOf = (request: string): string | undefined =>
  Object.hasOwn(ACTION_OF, request) ? ACTION_OF[request as Request] : undefined;
