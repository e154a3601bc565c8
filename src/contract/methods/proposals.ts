import * as v from 'valibot';
import { DuplicatesSchema } from '../duplicates.ts';
import { BasketSchema, CompiledSchema, PROPOSAL_KINDS, PROPOSAL_SORTS, ProposalOptionsSchema, ProposalsSchema } from '../proposals.ts';
import { Whole } from '../units.ts';
import { At, type Definition, FilePath, Page, Region } from './definition.ts';

const Ids = v.pipe(v.array(v.string()), v.maxLength(100_000));

/** What can go or become cold, and how S3 is told. */
export const PROPOSAL_METHODS = {
  /** Ranked proposals for the whole index, with sums by kind. The first year is told for the page that is shown. */
  'recommend.list': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      kinds: v.optional(v.array(v.picklist(PROPOSAL_KINDS))),
      prefix: v.optional(v.string(), ''),
      options: v.optional(ProposalOptionsSchema, {}),
      region: Region,
      sort: v.optional(v.picklist(PROPOSAL_SORTS), 'saving'),
      ...Page,
    }),
    result: ProposalsSchema,
  },
  /** What some proposals come to together. */
  'recommend.basket': {
    effect: 'read',
    params: v.strictObject({ ...At, ids: Ids, options: v.optional(ProposalOptionsSchema, {}), region: Region }),
    result: BasketSchema,
  },
  /** Current objects whose bytes are there more than once, by size and ETag, grouped by where they lie. */
  'recommend.duplicates': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      prefix: v.optional(v.string(), ''),
      /** Smaller objects are not compared. */
      leastBytes: v.optional(v.pipe(Whole, v.minValue(1)), 1_048_576),
      region: Region,
      ...Page,
    }),
    result: DuplicatesSchema,
  },
  /** The fewest rules and lists that do exactly what the proposals say, held against every row of the index. */
  'recommend.compile': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      ids: Ids,
      options: v.optional(ProposalOptionsSchema, {}),
      /** Where lists are written. */
      folder: v.optional(FilePath),
      /** Whole directories get a rule of their own up to so many; the rest goes by tag. 0: everything by tag. */
      prefixRules: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(900)), 100),
      /** Everything as a list of versions for review, and no rule at all. */
      asDeleteList: v.optional(v.boolean(), false),
    }),
    result: CompiledSchema,
  },
} as const satisfies Record<string, Definition>;
