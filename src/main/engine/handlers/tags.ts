import type { TAG_METHODS } from '../../../contract/methods/tags.ts';
import { readTagsInto, tagCoverage } from '../../tags/read-tags.ts';
import type { Handlers } from '../handler.ts';

export const tagHandlers: Pick<Handlers, keyof typeof TAG_METHODS> = {
  'tags.read': async (params, { environment: { now }, signal, progress }) => readTagsInto({ ...params, now, signal, progress }),
  'tags.coverage': async ({ index, snapshotId }) => tagCoverage(index, snapshotId),
};
