import type { VERIFY_METHODS } from '../../../contract/methods/verify.ts';
import { verifyIndex } from '../../index/verify/verify.ts';
import type { Handlers } from '../handler.ts';

export const verifyHandlers: Pick<Handlers, keyof typeof VERIFY_METHODS> = {
  'index.verify': async ({ index }, { signal, progress }) => verifyIndex(index, signal, progress),
};
