import * as v from 'valibot';
import { BreakEvenSchema } from '../break-even.ts';
import { MinimumSizeSchema } from '../lifecycle.ts';
import { UtcDate } from '../units.ts';
import { KINDS } from '../vocabulary.ts';
import { At, type Definition, Horizon, Page, Region } from './definition.ts';

/** From which size and from which day on a move to another class pays. */
export const BREAK_EVEN_METHODS = {
  /** Unit by unit and class by class: what would move, for what fees and saving, and when it has paid its way. */
  'policy.breakEven': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      kinds: v.optional(v.array(v.picklist(KINDS))),
      prefix: v.optional(v.string(), ''),
      region: Region,
      /** The day of the snapshot unless given. */
      asOf: v.optional(UtcDate),
      /** The bucket's setting for small objects; AWS's default unless given. */
      minimumSize: v.optional(MinimumSizeSchema, 'all_storage_classes_128K'),
      /** How long objects stay, for the break-even size. */
      months: v.optional(Horizon, 36),
      ...Page,
    }),
    result: BreakEvenSchema,
  },
} as const satisfies Record<string, Definition>;
