/** One reason S3 would refuse a rule (s3-domain 4.4). */
export interface Problem {
  readonly field: string;
  readonly message: string;
}
