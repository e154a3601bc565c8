import type { IamStatement, RightsDocument, RightsProfile } from '../../contract/rights.ts';
import { ACTION_OF, type Request } from './actions.ts';

export interface RightsInput {
  readonly profile: RightsProfile;
  readonly bucket: string;
  /** Decides over the partition of ARNs: China and GovCloud have their own. */
  readonly region?: string | undefined;
  /** Where inventory reports lie, "bucket/prefix/"; without it no statement is about them. */
  readonly inventory?: string | undefined;
  /** The key that encrypts the reports, an ARN. */
  readonly inventoryKey?: string | undefined;
  /** For batch jobs: the account, the role of the jobs, and where manifests and reports go, "bucket/prefix/". */
  readonly account?: string | undefined;
  readonly role?: string | undefined;
  readonly manifests?: string | undefined;
  readonly reports?: string | undefined;
}

interface Reasoned {
  readonly statement: IamStatement;
  readonly why: string;
  readonly without: string;
}

const partitionOf = (region: string | undefined): string =>
  region?.startsWith('cn-') ? 'aws-cn' : region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

const actions = (...requests: readonly Request[]): string[] => [...new Set(requests.map((request) => ACTION_OF[request]))];

const allow = (Sid: string, Action: string[], Resource: string[], why: string, without: string): Reasoned => ({
  statement: { Sid, Effect: 'Allow', Action, Resource },
  why,
  without,
});

/** "bucket/prefix/" as the ARNs of the bucket and of what lies below the prefix. */
function place(arn: (path: string) => string, location: string): { readonly bucket: string; readonly objects: string } {
  const slash = location.indexOf('/');
  const [bucket, prefix] = slash < 0 ? [location, ''] : [location.slice(0, slash), location.slice(slash + 1)];
  return { bucket: arn(bucket), objects: arn(`${bucket}/${prefix}*`) };
}

function readStatements({ bucket, inventory, inventoryKey, region }: RightsInput): Reasoned[] {
  const arn = (path: string): string => `arn:${partitionOf(region)}:s3:::${path}`;
  const statements = [
    allow(
      'ListKeys',
      actions('ListObjectsV2', 'ListObjectVersions', 'ListMultipartUploads'),
      [arn(bucket)],
      'Listing a bucket that has no inventory, with its versions, delete markers and incomplete uploads.',
      'Only inventory reports can be read, and incomplete uploads stay unknown.',
    ),
    allow(
      'ReadRules',
      actions('GetBucketLocation', 'GetBucketLifecycleConfiguration'),
      [arn(bucket)],
      'The rules a bucket has now, and where it lies.',
      'No plan can be made, and the region has to be named.',
    ),
    allow(
      'ReadSettings',
      actions('GetBucketVersioning', 'GetObjectLockConfiguration', 'GetBucketReplication', 'GetBucketTagging'),
      [arn(bucket)],
      'What else decides over the fate of versions, and whether a tool such as Terraform manages the bucket.',
      'What is missing stays unknown, is named in every plan, and cannot be watched for drift.',
    ),
    allow(
      'ReadUploadsAndTags',
      ['s3:GetObjectTagging', 's3:GetObjectVersionTagging', 's3:ListMultipartUploadParts'],
      [arn(`${bucket}/*`)],
      'The sizes of incomplete uploads, and the tags of objects where rules ask for them.',
      'Incomplete uploads are counted without their bytes, and rules with tags count as matching nothing known.',
    ),
  ];
  if (inventory === undefined) return statements;
  const reports = place(arn, inventory);
  statements.push(
    allow(
      'ReadInventoryReports',
      actions('ListObjectsV2', 'GetObject', 'GetBucketLocation'),
      [reports.bucket, reports.objects],
      'Finding the newest report and reading its manifest and data files.',
      'The bucket has to be listed instead.',
    ),
  );
  if (inventoryKey !== undefined) {
    const why = 'Reports that are encrypted with this key.';
    statements.push(allow('DecryptInventoryReports', ['kms:Decrypt'], [inventoryKey], why, 'They cannot be read.'));
  }
  return statements;
}

function applyStatements({ bucket, region }: RightsInput): Reasoned[] {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  const reads = actions(
    'GetBucketLocation',
    'GetBucketLifecycleConfiguration',
    'GetBucketVersioning',
    'GetObjectLockConfiguration',
    'GetBucketReplication',
    'GetBucketTagging',
  );
  return [
    allow(
      'CompareAndReadBack',
      reads,
      [arn],
      'Before and after a write the bucket is read and compared by meaning.',
      'Nothing is written without s3:GetLifecycleConfiguration; what else is missing is not compared.',
    ),
    allow(
      'WriteLifecycle',
      actions('PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle'),
      [arn],
      'Writing a configuration, putting the earlier one back, and deleting one that has no rule left.',
      'Plans can be made and reviewed, but not applied.',
    ),
  ];
}

function batchStatements(input: RightsInput): Reasoned[] {
  const { region = '*', account = '*', role, manifests, reports } = input;
  const partition = partitionOf(input.region);
  const arn = (path: string): string => `arn:${partition}:s3:::${path}`;
  const statements = [
    allow(
      'CreateJobs',
      actions('CreateJob', 'ListJobs'),
      ['*'],
      'Creating batch jobs that wait for confirmation, and listing them.',
      'No job can be created.',
    ),
    allow(
      'FollowJobs',
      actions('DescribeJob', 'UpdateJobStatus'),
      [`arn:${partition}:s3:${region}:${account}:job/*`],
      'Following a job, confirming it, and cancelling it.',
      'Jobs can be created, but nobody can confirm or stop them from here.',
    ),
  ];
  if (role !== undefined) {
    const pass = allow('PassRole', ['iam:PassRole'], [role], 'Handing the role of the job to S3.', 'No job can be created.');
    const Condition = { StringEquals: { 'iam:PassedToService': 'batchoperations.s3.amazonaws.com' } };
    statements.push({ ...pass, statement: { ...pass.statement, Condition } });
  }
  if (manifests !== undefined) {
    const { objects } = place(arn, manifests);
    statements.push(
      allow(
        'WriteManifests',
        ['s3:PutObject', 's3:GetObject'],
        [objects],
        'Laying down the list of what a job acts on.',
        'No job can be created.',
      ),
    );
  }
  if (reports !== undefined) {
    const { bucket, objects } = place(arn, reports);
    statements.push(
      allow(
        'ReadReports',
        ['s3:ListBucket', 's3:GetObject'],
        [bucket, objects],
        'Reading what came of every task.',
        'Only counts are known.',
      ),
    );
  }
  return statements;
}

function roleStatements({ bucket, region, manifests, reports }: RightsInput): Reasoned[] {
  const arn = (path: string): string => `arn:${partitionOf(region)}:s3:::${path}`;
  const objects = [arn(`${bucket}/*`)];
  const statements = [
    allow(
      'TagObjects',
      ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'],
      objects,
      'Jobs that tag.',
      'Leave it out where no job tags.',
    ),
    allow('RestoreObjects', ['s3:RestoreObject'], objects, 'Jobs that restore.', 'Leave it out where no job restores.'),
    allow(
      'RetainObjects',
      ['s3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:GetBucketObjectLockConfiguration'],
      [arn(bucket), ...objects],
      'Jobs that set retention or legal hold.',
      'Leave it out where no job does; shortening a governance retention takes s3:BypassGovernanceRetention besides.',
    ),
  ];
  if (manifests !== undefined) {
    const manifest = [place(arn, manifests).objects];
    statements.push(
      allow('ReadManifest', ['s3:GetObject', 's3:GetObjectVersion'], manifest, 'The list of what to act on.', 'The job fails.'),
    );
  }
  if (reports !== undefined) {
    statements.push(allow('WriteReport', ['s3:PutObject'], [place(arn, reports).objects], 'The report of the job.', 'There is no report.'));
  }
  return statements;
}

const trustStatements = (): Reasoned[] => [
  {
    statement: {
      Sid: 'BatchOperationsMayAct',
      Effect: 'Allow',
      Principal: { Service: 'batchoperations.s3.amazonaws.com' },
      Action: ['sts:AssumeRole'],
    },
    why: 'S3 Batch Operations takes the role on to run a job.',
    without: 'No job of this role runs.',
  },
];

/** Denying deletes does not stop lifecycle, which acts with S3's own hands (s3-domain 5.1): the right to write rules has to go as well. */
function denyStatements({ bucket, region }: RightsInput): Reasoned[] {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return [
    {
      statement: {
        Sid: 'NoDeletes',
        Effect: 'Deny',
        Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', ACTION_OF.PutBucketLifecycleConfiguration],
        Resource: [arn, `${arn}/*`],
      },
      why: 'For people who must not delete: who may write rules can have everything deleted by them.',
      without: 'A rule of one day does what they may not do themselves.',
    },
  ];
}

const STATEMENTS: Readonly<Record<RightsProfile, (input: RightsInput) => Reasoned[]>> = {
  read: readStatements,
  apply: applyStatements,
  batch: batchStatements,
  'batch-role': roleStatements,
  'batch-trust': trustStatements,
  deny: denyStatements,
};

/** The IAM document of a profile for a bucket, with what every statement is for. The only place that knows them. */
export function rightsDocument(input: RightsInput): RightsDocument {
  const statements = STATEMENTS[input.profile](input);
  return {
    profile: input.profile,
    document: { Version: '2012-10-17', Statement: statements.map(({ statement }) => statement) },
    reasons: statements.map(({ statement, why, without }) => ({ sid: statement.Sid, why, without })),
  };
}
