import * as v from 'valibot';
import { KeyId } from '../approval.ts';
import { EvidenceBuiltSchema, EvidenceCheckSchema, Sha256Hex } from '../evidence.ts';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { DateText, ProofFactsSchema, StatementSchema } from '../prove.ts';
import { ScheduleFileSchema } from '../retention.ts';
import { Instant } from '../units.ts';
import { type Definition, FilePath } from './definition.ts';

/** Bundles of proofs that anybody can check again. */
export const EVIDENCE_METHODS = {
  /** Decides statements and writes them with all they rest on into one file, signed and chained to the bundle before. */
  'evidence.build': {
    effect: 'index',
    params: v.strictObject({
      out: FilePath,
      title: v.optional(v.string(), 'Retention evidence'),
      /** That of the index unless given. */
      bucket: v.optional(v.pipe(v.string(), v.minLength(1))),
      account: v.optional(v.string()),
      region: v.optional(v.string()),
      reviewers: v.optional(v.array(v.string()), []),
      index: v.optional(FilePath),
      snapshotId: v.optional(v.string()),
      configuration: v.nullable(LifecycleConfigurationSchema),
      facts: v.optional(ProofFactsSchema, {}),
      asOf: v.optional(DateText),
      statements: v.optional(v.pipe(v.array(StatementSchema), v.maxLength(1000)), []),
      /** Retention schedules: what they ask of every place they name is decided too. */
      schedules: v.optional(ScheduleFileSchema),
      /** The time to write down; now unless given. Equal inputs give equal bytes. */
      at: v.optional(Instant),
      /** The root before; the last one made here for the bucket unless given, null to begin a chain. */
      previousRoot: v.optional(v.nullable(Sha256Hex)),
      /** Which key of this machine signs; the only one there is unless named. */
      keyId: v.optional(KeyId),
      passphrase: v.optional(v.string()),
      unsigned: v.optional(v.boolean(), false),
    }),
    result: EvidenceBuiltSchema,
  },
  /** Checks a bundle without the index, the bucket or a network. */
  'evidence.verify': {
    effect: 'read',
    params: v.strictObject({
      file: FilePath,
      /** The public key that must have signed: its id, or the line "isotherm-ed25519 KEY NAME". */
      signer: v.optional(v.string()),
      previous: v.optional(FilePath),
    }),
    result: EvidenceCheckSchema,
  },
} as const satisfies Record<string, Definition>;
