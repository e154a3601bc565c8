import * as v from 'valibot';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { BucketStateSchema, DateText, ProofFactsSchema, ProofRunSchema, StatementSchema } from '../prove.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { type Definition, FilePath } from './definition.ts';

/** Statements about a configuration, decided. */
export const PROVE_METHODS = {
  /** Decides statements for any possible key and, with an index, for the versions of a snapshot. */
  'prove.check': {
    effect: 'read',
    params: v.strictObject({
      index: v.optional(FilePath),
      snapshotId: v.optional(v.string()),
      configuration: v.nullable(LifecycleConfigurationSchema),
      facts: v.optional(ProofFactsSchema, {}),
      /** The day the configuration is put on; that of the snapshot unless given, else today. */
      asOf: v.optional(DateText),
      statements: v.pipe(v.array(StatementSchema), v.minLength(1), v.maxLength(1000)),
    }),
    result: ProofRunSchema,
  },
  /** What a bucket says of itself, as far as one may ask: rules, versioning, Object Lock, replication. */
  'bucket.facts': {
    effect: 'read',
    params: v.strictObject({ bucket: BucketName, remote: v.optional(RemoteSchema, {}) }),
    result: BucketStateSchema,
  },
} as const satisfies Record<string, Definition>;
