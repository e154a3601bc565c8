import * as v from 'valibot';
import { BucketName } from '../remote.ts';
import { RIGHTS_PROFILES, RightsDocumentSchema } from '../rights.ts';
import type { Definition } from './definition.ts';

/** "bucket/prefix/" */
const Location = v.optional(v.pipe(v.string(), v.minLength(1)));

export const RIGHTS_METHODS = {
  /** The IAM document that a way of working needs. Asks nobody. */
  'rights.document': {
    effect: 'read',
    params: v.strictObject({
      profile: v.picklist(RIGHTS_PROFILES),
      bucket: BucketName,
      region: v.optional(v.string()),
      inventory: Location,
      inventoryKey: v.optional(v.string()),
      account: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account of 12 digits'))),
      role: v.optional(v.string()),
      manifests: Location,
      reports: Location,
    }),
    result: RightsDocumentSchema,
  },
} as const satisfies Record<string, Definition>;
