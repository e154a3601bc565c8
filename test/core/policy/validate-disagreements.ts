const AND =
  'AWS refuses conditions side by side outside of And (answer recorded on AWS: aws-recorded wrong-filter-and-and-object-size #5).';
const EARLY = 'AWS wants 30 days before STANDARD_IA and ONEZONE_IA, for noncurrent versions too (s3-domain 4.4).';
const GAP = 'AWS wants 30 days in ONEZONE_IA before the next transition of the rule (s3-domain 4.4).';
const IDLE = 'AWS wants an action in every rule (s3-domain 4.4).';

/** Cases of other implementations that the validator judges otherwise, by authority and name, and why AWS is thought to side with it. */
export const DISAGREEMENTS: Readonly<Record<string, string>> = {
  's3-tests: test_lifecycle_expiration_tags1': AND,
  's3-tests: test_lifecycle_expiration_tags2': AND,
  's3-tests: test_lifecycle_expiration_noncur_tags1': AND,
  's3-tests: test_lifecycle_expiration_size_gt': AND,
  's3-tests: test_lifecycle_expiration_size_lt': AND,
  's3-tests: test_lifecycle_set_noncurrent_transition': EARLY,
  's3-tests: test_lifecycle_noncur_transition': EARLY,
  'moto: test_lifecycle_with_nvt #2': EARLY,
  'moto: test_lifecycle_with_multiple_nvt': GAP,
  'moto: test_lifecycle_with_multiple_transitions': GAP,
  'moto: test_lifecycle_multi': IDLE,
  'moto: test_lifecycle_delete': IDLE,
  'minio: TestParseAndValidateLifecycleConfig #12 Lifecycle with zero Transition Days':
    'S3TIER-1 is a tier of MinIO; AWS knows six target classes.',
};
