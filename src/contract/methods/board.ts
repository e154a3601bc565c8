import * as v from 'valibot';
import { CheckpointBoardSchema } from '../board.ts';
import { KeepPolicySchema } from '../keep.ts';
import { At, type Definition, Region } from './definition.ts';

/** Checkpoints run by run. */
export const BOARD_METHODS = {
  'checkpoints.board': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.optional(v.string(), ''),
      /** A policy to try; by default those of the workspace. */
      policy: v.optional(KeepPolicySchema),
      region: Region,
    }),
    result: CheckpointBoardSchema,
  },
} as const satisfies Record<string, Definition>;
