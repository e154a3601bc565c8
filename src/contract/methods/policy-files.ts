import * as v from 'valibot';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from '../lifecycle.ts';
import { PolicyCheckSchema, PolicyComparisonSchema } from '../policy-check.ts';
import { POLICY_FORMATS } from '../policy-formats.ts';
import { type Definition, FilePath, Region } from './definition.ts';

/** A policy as a person has it, in any spelling; `resource` names one of several in a Terraform file or CloudFormation template. */
const Text = { text: v.string(), resource: v.optional(v.string()) };
const Side = v.strictObject({ configuration: v.nullable(LifecycleConfigurationSchema), minimumSize: MinimumSizeSchema });

/** Lifecycle configurations as files: judged, respelled, compared. */
export const POLICY_FILE_METHODS = {
  /** What S3 would refuse and what its owner may regret. An index tells of live tables, `current` of a setting that would flip. */
  'policy.check': {
    effect: 'read',
    params: v.strictObject({
      ...Text,
      region: Region,
      index: v.optional(FilePath),
      snapshotId: v.optional(v.string()),
      current: v.optional(Side),
    }),
    result: PolicyCheckSchema,
  },
  /** The same configuration in another spelling; `name` is that of the resource written. */
  'policy.convert': {
    effect: 'read',
    params: v.strictObject({
      ...Text,
      to: v.picklist(POLICY_FORMATS),
      bucket: v.optional(v.string()),
      name: v.optional(v.string()),
      minimumSize: v.optional(MinimumSizeSchema),
    }),
    result: v.strictObject({
      from: v.picklist(POLICY_FORMATS),
      to: v.picklist(POLICY_FORMATS),
      text: v.string(),
      /** SHA-256 of the canonical form, hex; equal hashes mean equal meaning. */
      hash: v.string(),
      notes: v.array(v.string()),
    }),
  },
  /** What the second configuration does otherwise than the first. */
  'policy.compare': { effect: 'read', params: v.strictObject({ before: Side, after: Side }), result: PolicyComparisonSchema },
} as const satisfies Record<string, Definition>;
