import type { RIGHTS_METHODS } from '../../../contract/methods/rights.ts';
import { ok } from '../../../contract/result.ts';
import { rightsDocument } from '../../../core/rights/documents.ts';
import type { Handlers } from '../handler.ts';

export const rightsHandlers: Pick<Handlers, keyof typeof RIGHTS_METHODS> = {
  'rights.document': async (params) => ok(rightsDocument(params)),
};
