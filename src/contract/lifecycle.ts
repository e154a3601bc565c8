import * as v from 'valibot';

/**
 * A lifecycle configuration as the AWS SDK spells it
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html).
 * Shape only: which combinations S3 accepts is the validator's business. Dates are ISO strings.
 */
const Days = v.pipe(v.number(), v.safeInteger());

export const TagSchema = v.strictObject({ Key: v.string(), Value: v.string() });
export const FilterSchema = v.strictObject({
  Prefix: v.optional(v.string()),
  Tag: v.optional(TagSchema),
  ObjectSizeGreaterThan: v.optional(Days),
  ObjectSizeLessThan: v.optional(Days),
  And: v.optional(
    v.strictObject({
      Prefix: v.optional(v.string()),
      Tags: v.optional(v.array(TagSchema)),
      ObjectSizeGreaterThan: v.optional(Days),
      ObjectSizeLessThan: v.optional(Days),
    }),
  ),
});
export const RuleSchema = v.strictObject({
  ID: v.optional(v.string()),
  Status: v.picklist(['Enabled', 'Disabled']),
  Filter: v.optional(FilterSchema),
  /** Legacy spelling of Filter.Prefix. */
  Prefix: v.optional(v.string()),
  Transitions: v.optional(v.array(v.strictObject({ Days: v.optional(Days), Date: v.optional(v.string()), StorageClass: v.string() }))),
  Expiration: v.optional(
    v.strictObject({ Days: v.optional(Days), Date: v.optional(v.string()), ExpiredObjectDeleteMarker: v.optional(v.boolean()) }),
  ),
  NoncurrentVersionTransitions: v.optional(
    v.array(v.strictObject({ NoncurrentDays: v.optional(Days), StorageClass: v.string(), NewerNoncurrentVersions: v.optional(Days) })),
  ),
  NoncurrentVersionExpiration: v.optional(v.strictObject({ NoncurrentDays: v.optional(Days), NewerNoncurrentVersions: v.optional(Days) })),
  AbortIncompleteMultipartUpload: v.optional(v.strictObject({ DaysAfterInitiation: v.optional(Days) })),
});
export const LifecycleConfigurationSchema = v.strictObject({ Rules: v.array(RuleSchema) });

export type Tag = v.InferOutput<typeof TagSchema>;
export type Filter = v.InferOutput<typeof FilterSchema>;
export type Rule = v.InferOutput<typeof RuleSchema>;
export type LifecycleConfiguration = v.InferOutput<typeof LifecycleConfigurationSchema>;

/** The bucket's setting for small objects (s3-domain 4.2); null where the endpoint never returns one. */
export const MINIMUM_SIZES = ['all_storage_classes_128K', 'varies_by_storage_class'] as const;
export const MinimumSizeSchema = v.nullable(v.picklist(MINIMUM_SIZES));
export type MinimumSize = v.InferOutput<typeof MinimumSizeSchema>;
