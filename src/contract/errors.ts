import * as v from 'valibot';

type CodeFacts = { readonly exit: 2 | 3 | 4 | 5 | 130; readonly retryable?: true; readonly next: string };

/**
 * Every failure the product can name, with the process status it ends in
 * (2 usage, 3 input, 4 remote, 5 internal, 130 cancelled) and what to do about it.
 */
export const ERROR_CODES = {
  Usage: { exit: 2, next: 'Run the verb with --help to see what it takes.' },

  SourceNotFound: { exit: 3, next: 'Check the path or address of the inventory.' },
  NoCompleteReport: { exit: 3, next: 'Wait for S3 to finish a report (manifest.json and manifest.checksum), or name another folder.' },
  ReportAmbiguous: { exit: 3, next: 'Name the folder of one inventory configuration, or one report of those above.' },
  ManifestNotJson: { exit: 3, next: 'Copy the manifest again; it must be the file S3 wrote.' },
  ManifestInvalid: { exit: 3, next: 'Copy the manifest again, or name another report.' },
  ManifestChecksumMismatch: { exit: 3, next: 'Copy manifest.json and manifest.checksum again; they must belong together.' },
  PartMissing: { exit: 3, next: 'Copy every data file the manifest lists, or name another report.' },
  PartSizeMismatch: { exit: 3, next: 'Copy this data file again.' },
  PartChecksumMismatch: { exit: 3, next: 'Copy this data file again; its content is not what S3 wrote.' },
  PartTruncated: { exit: 3, next: 'Copy this data file again; it ends too early or is damaged.' },
  RowColumnCount: { exit: 3, next: 'The report does not match its own fileSchema; ask for a new report.' },
  RowField: { exit: 3, next: 'The report holds a value S3 does not write; ask for a new report.' },
  ColumnMissing: { exit: 3, next: 'Add the field to the inventory configuration and use the next report.' },
  FormatUnsupported: { exit: 3, next: 'Use a CSV inventory report, or a live listing.' },
  FileUnreadable: { exit: 3, next: 'Check that the file exists and that you may read it.' },
  FileUnwritable: { exit: 3, next: 'Check that the folder exists and that you may write to it.' },
  TrackerUnreadable: {
    exit: 3,
    next: 'Export runs, model versions or artifacts of MLflow or Weights & Biases as JSON, or their table as CSV.',
  },
  AccessLogUnreadable: { exit: 3, next: 'Name a folder or prefix of S3 server access logs, or of CloudTrail logs with data events.' },
  AccessLogsMissing: { exit: 3, next: 'Read access logs with "isotherm access LOGS --index FILE", or assume a share of the bytes.' },
  DiskFull: { exit: 3, next: 'Free some space and try again; nothing was changed.' },
  IndexNotFound: { exit: 3, next: 'Run "isotherm scan" first, or check the path.' },
  IndexUnreadable: { exit: 3, next: 'This file is not an index or is damaged; scan the source again into a new file.' },
  IndexNewer: { exit: 3, next: 'Update Isotherm; this index was written by a newer version.' },
  IndexBusy: { exit: 3, retryable: true, next: 'Wait until the other scan of this index ends.' },
  SnapshotNotFound: { exit: 3, next: 'List the snapshots and name one of them.' },
  KeyNotFound: { exit: 3, next: 'Check the key; it must be whole, without the bucket.' },
  RegionUnknown: { exit: 3, next: 'Name a region of the price list with --region.' },
  PriceMissing: { exit: 3, next: 'Price another region, or leave out what has no price.' },
  PolicyInvalid: { exit: 3, next: 'Correct the rule and field named above.' },
  PolicyUnsupported: { exit: 3, next: 'Leave out the element named above.' },
  PlanInvalid: { exit: 3, next: 'Make the plan again with "isotherm plan".' },
  PlanHashMismatch: { exit: 3, next: 'Review the plan again and apply it with the hash it shows.' },
  PlanTargetMismatch: { exit: 3, next: 'Apply the plan to the bucket and endpoint it was made for, or make a new plan.' },
  PlanExpired: { exit: 3, next: 'Make the plan again: the bucket and its data have moved on.' },
  PlanRespelled: { exit: 3, next: 'Use the file as Isotherm wrote it; something has changed it on the way.' },
  LastRule: { exit: 3, next: 'If that is what you want, plan again with --remove-last-rule.' },
  BlastRadius: { exit: 3, next: 'Narrow the policy, or raise the limit with "isotherm limits".' },
  ConfirmationMissing: { exit: 3, next: 'Type the phrase named above with --confirm.' },
  ConsentMissing: { exit: 3, next: 'If you accept that, apply with --accept and the word named above.' },
  SnapshotStale: { exit: 3, next: 'Scan the bucket again and make a new plan, or apply with --accept staleSnapshot.' },
  SnapshotForeign: { exit: 3, next: 'Scan this bucket and make a new plan, or apply with --accept otherSnapshot.' },
  BucketManaged: { exit: 3, next: 'Take the change to that tool with "isotherm patch", or apply with --accept managedBucket.' },
  CoolOff: { exit: 3, next: 'Apply the plan with --stage disabled or --stage canary first, and wait.' },
  ApprovalMissing: { exit: 3, next: 'Have a listed approver run "isotherm approve" on this plan and pass the file with --approval.' },
  KeyMissing: { exit: 3, next: 'Make one with "isotherm keys make --name NAME".' },
  KeyLocked: { exit: 3, next: 'Give the file with the passphrase with --passphrase-file.' },
  ApprovalInvalid: { exit: 3, next: 'Ask the approver for a new approval of this very plan.' },
  NothingChosen: { exit: 3, next: 'Choose another prefix, other versions or other storage classes.' },
  ManifestRefused: { exit: 3, next: 'Name another place for the list, one that is not encrypted with KMS.' },
  JobNotFound: { exit: 3, next: 'List the jobs of the account and region with "isotherm job list".' },
  JobMismatch: { exit: 3, next: 'Cancel that job, and create one from this plan.' },
  JobNotWaiting: { exit: 3, next: 'Look at its state with "isotherm job status".' },
  ReportMissing: { exit: 3, next: 'Wait until the job has ended; S3 writes the report then.' },
  ReportDamaged: { exit: 3, next: 'Look at the report in its bucket; it is not as S3 wrote it.' },
  OperationUnfinished: { exit: 3, next: 'Run "isotherm recover" to finish or undo it first.' },
  LegacyRules: { exit: 3, next: 'Plan again with --convert-legacy to respell the existing rules with the same meaning.' },
  JournalEntryNotFound: { exit: 3, next: 'List the journal and name one of its entries for this bucket.' },
  JournalBusy: { exit: 3, retryable: true, next: 'Wait until the other apply or rollback on this machine ends.' },
  JournalDamaged: { exit: 3, next: 'Keep the journal file as it is and compare it with a backup.' },
  TableNotFound: { exit: 3, next: 'Check the names of catalog, schema and table; "isotherm ddl" writes a definition of the table.' },
  TableShape: { exit: 3, next: 'Define the table over the report again; "isotherm ddl" writes the definition.' },
  CostNotConfirmed: { exit: 3, next: 'Confirm the cost, or name the most it may cost.' },
  RowsElsewhere: { exit: 3, next: 'Allow a query of the table, or scan the report itself into an index.' },
  LimitExceeded: { exit: 3, next: 'Work on a smaller scope.' },

  AccessDenied: { exit: 4, next: 'Grant the action named above, or use another profile.' },
  CredentialsMissing: { exit: 4, next: 'Configure credentials for the AWS SDK (profile, SSO or environment), or pass --profile.' },
  EndpointUnreachable: { exit: 4, retryable: true, next: 'Check the endpoint and the network, then try again.' },
  BucketNotFound: { exit: 4, next: 'Check the name of the bucket and the endpoint.' },
  WrongRegion: { exit: 4, next: 'Pass the region of the bucket with --region.' },
  Throttled: { exit: 4, retryable: true, next: 'Try again later; the service asked to slow down.' },
  RemoteTimeout: { exit: 4, retryable: true, next: 'Try again; the service did not answer in time.' },
  RemoteRefused: { exit: 4, next: "Read the service's answer above." },
  RemoteFailed: { exit: 4, retryable: true, next: 'Try again later; the service failed.' },
  QueryFailed: { exit: 4, next: "Read the engine's answer above." },
  ConfigurationChanged: { exit: 4, next: 'Make a new plan; someone changed the bucket since this one was made.' },
  VerifyMismatch: { exit: 4, next: 'The earlier configuration was put back; this endpoint cannot hold the plan.' },
  RollbackFailed: { exit: 4, next: 'Put the saved configuration back by hand; the journal entry holds it.' },

  Internal: { exit: 5, next: 'This is a fault of Isotherm; please report it with the details.' },
  Cancelled: { exit: 130, next: 'Start it again when you are ready; nothing was changed.' },
} as const satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof ERROR_CODES;

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** The one shape of a failure, on every wire and in every shell. */
export const AppErrorSchema = v.strictObject({
  code: v.picklist(codes),
  /** What failed, on what, in plain words. */
  message: v.string(),
  /** The next step for the person. */
  next: v.string(),
  /** The file, 1-based row and field at fault, where there are any. */
  file: v.optional(v.string()),
  row: v.optional(v.number()),
  field: v.optional(v.string()),
  /** The raw words of the system underneath, untouched. */
  detail: v.optional(v.string()),
  retryable: v.optional(v.boolean()),
});
export type AppError = v.InferOutput<typeof AppErrorSchema>;

type Where = {
  file?: string | undefined;
  row?: number | undefined;
  field?: string | undefined;
  detail?: string | undefined;
  next?: string | undefined;
};

/** Makes a failure; `next` and `retryable` come from the code unless `where` says better. */
export function appError(code: ErrorCode, message: string, where: Where = {}): AppError {
  const facts: CodeFacts = ERROR_CODES[code];
  return {
    code,
    message,
    next: where.next ?? facts.next,
    ...(where.file === undefined ? {} : { file: where.file }),
    ...(where.row === undefined ? {} : { row: where.row }),
    ...(where.field === undefined ? {} : { field: where.field }),
    ...(where.detail === undefined ? {} : { detail: where.detail }),
    ...(facts.retryable ? { retryable: true } : {}),
  };
}
