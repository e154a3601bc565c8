import * as v from 'valibot';
import { ProfilesSchema, ReachSchema } from '../connect.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import type { Definition } from './definition.ts';

/** The way to a bucket, before anything is read from it. */
export const CONNECT_METHODS = {
  /** Profiles of the AWS configuration on this machine, with what stands in their way. Asks nobody. */
  'connect.profiles': { effect: 'read', params: v.strictObject({}), result: ProfilesSchema },
  /** Which rights there are on a bucket, known by its name alone: buckets are never listed. */
  'connect.reach': {
    effect: 'read',
    params: v.strictObject({ bucket: BucketName, remote: v.optional(RemoteSchema, {}) }),
    result: ReachSchema,
  },
} as const satisfies Record<string, Definition>;
