import * as v from 'valibot';
import { Instant } from './units.ts';

/** How a profile comes by its credentials. */
export const PROFILE_KINDS = ['keys', 'sso', 'role', 'process', 'webIdentity', 'none'] as const;

/** A profile of the AWS configuration on this machine, without any secret of it. */
export const ProfileSchema = v.strictObject({
  name: v.string(),
  kind: v.picklist(PROFILE_KINDS),
  region: v.nullable(v.string()),
  endpoint: v.nullable(v.string()),
  /** The role that is assumed, and on whose credentials. */
  roleArn: v.nullable(v.string()),
  source: v.nullable(v.string()),
  mfaDevice: v.nullable(v.string()),
  /** Until when the sign-in lasts; null where there is none, or none is needed. */
  signedInUntil: v.nullable(Instant),
  /** ready: nothing is known to be in the way; the rest: what has to be done first. */
  state: v.picklist(['ready', 'signIn', 'expired', 'code', 'broken']),
  /** In a sentence. */
  words: v.string(),
  /** What to run for it to be ready; null where nothing is to be done. */
  command: v.nullable(v.string()),
});
export type Profile = v.InferOutput<typeof ProfileSchema>;

export const ProfilesSchema = v.strictObject({
  profiles: v.array(ProfileSchema),
  /** The files that were looked into, and whether they are there. */
  files: v.array(v.strictObject({ path: v.string(), isThere: v.boolean() })),
  /** Credentials in the environment, which go before any profile that is not named. */
  environment: v.boolean(),
});

/** What may be asked of a bucket, tried with requests that read and are all but free. */
export const ReachSchema = v.strictObject({
  bucket: v.string(),
  region: v.string(),
  rights: v.array(
    v.strictObject({
      action: v.string(),
      /** What it is for. */
      what: v.string(),
      /** notHere: the service does not know the question. */
      state: v.picklist(['granted', 'denied', 'notHere']),
    }),
  ),
});
export type Reach = v.InferOutput<typeof ReachSchema>;
