import * as v from 'valibot';
import { UploadTotalsSchema } from '../index-views.ts';
import { Instant, Whole } from '../units.ts';
import { At, type Definition, Page } from './definition.ts';

/** A multipart upload that was begun and neither completed nor aborted: billed, and in no listing of objects (s3-domain 8.3). */
const IncompleteUploadSchema = v.strictObject({
  key: v.string(),
  uploadId: v.string(),
  initiated: Instant,
  storageClass: v.string(),
  /** null where the parts could not be listed. */
  parts: v.nullable(Whole),
  bytes: v.nullable(Whole),
});

/** Incomplete multipart uploads, as far as a listing found them. */
export const UPLOAD_METHODS = {
  /** Largest first. `totals` is null where the snapshot's source cannot tell, as no inventory can. */
  'uploads.list': {
    effect: 'read',
    params: v.strictObject({ ...At, prefix: v.optional(v.string(), ''), ...Page }),
    result: v.strictObject({ totals: v.nullable(UploadTotalsSchema), uploads: v.array(IncompleteUploadSchema) }),
  },
} as const satisfies Record<string, Definition>;
