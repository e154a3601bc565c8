import * as v from 'valibot';

/** How to reach S3. Credentials never travel here: they come from the AWS SDK's default provider chain. */
export const RemoteSchema = v.strictObject({
  endpoint: v.optional(v.pipe(v.string(), v.url())),
  region: v.optional(v.pipe(v.string(), v.minLength(1))),
  profile: v.optional(v.pipe(v.string(), v.minLength(1))),
  pathStyle: v.optional(v.boolean()),
  /** The AWS account that owns the bucket, 12 digits; every request then asks S3 to refuse a bucket of anyone else. */
  owner: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account of 12 digits'))),
});
export type Remote = v.InferOutput<typeof RemoteSchema>;

export const BucketName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{1,254}$/i, 'is not a bucket name'));
