import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

export interface S3Location {
  readonly bucket: string;
  /** A key or a prefix; '' for the whole bucket. */
  readonly key: string;
}

/** An address, or the ARN that S3 and its settings name a bucket or key by, in any partition. */
export const isS3Location = (location: string): boolean => /^(?:s3:\/\/|arn:aws[a-z-]*:s3:)/i.test(location);

/** Takes "s3://bucket/key" or "arn:aws:s3:::bucket/key" apart; fails with SourceNotFound when it names no bucket. */
export function parseS3Location(location: string): Result<S3Location> {
  const found = /^(?:s3:\/\/|arn:aws[a-z-]*:s3:::)([a-z0-9][a-z0-9._-]{1,254})(?:\/(.*))?$/is.exec(location);
  const bucket = found?.[1];
  if (bucket === undefined)
    return err(appError('SourceNotFound', `${location} is not an address like s3://bucket/prefix/.`, { file: location }));
  return ok({ bucket, key: found?.[2] ?? '' });
}
