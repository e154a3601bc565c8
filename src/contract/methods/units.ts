import * as v from 'valibot';
import { KeepPolicySchema } from '../keep.ts';
import {
  KeyExplanationSchema,
  UNIT_SORTS,
  UnitGroupsSchema,
  UnitListSchema,
  UnitSettingsChangeSchema,
  UnitSettingsSchema,
} from '../unit-views.ts';
import { Whole } from '../units.ts';
import { KINDS } from '../vocabulary.ts';
import { At, type Definition, FilePath, Page, Region } from './definition.ts';

const Sorting = {
  sort: v.optional(v.picklist(UNIT_SORTS), 'bytes'),
  descending: v.optional(v.boolean(), true),
};
/** A policy to try; by default those of the workspace. */
const Policy = v.optional(KeepPolicySchema);

/** What is kept or deleted whole. */
export const UNIT_METHODS = {
  /** Runs, datasets, experiments, services: what units belong to, with what the keep policy makes of checkpoints. */
  'units.groups': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      kinds: v.optional(v.array(v.picklist(KINDS)), ['checkpoint']),
      prefix: v.optional(v.string(), ''),
      policy: Policy,
      region: Region,
      ...Sorting,
      ...Page,
    }),
    result: UnitGroupsSchema,
  },
  /** Units of a group, of some kinds, or below a prefix. */
  'units.list': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      groupId: v.optional(Whole),
      kinds: v.optional(v.array(v.picklist(KINDS))),
      prefix: v.optional(v.string(), ''),
      policy: Policy,
      region: Region,
      ...Sorting,
      ...Page,
    }),
    result: UnitListSchema,
  },
  /** Why a key is what it is; without an index, by the key alone. */
  'classify.explain': {
    effect: 'read',
    params: v.strictObject({
      index: v.optional(FilePath),
      snapshotId: v.optional(v.string()),
      key: v.pipe(v.string(), v.minLength(1)),
      region: Region,
    }),
    result: KeyExplanationSchema,
  },
  /** Overrides, pins, keep policies and excluded readers of a workspace. */
  'units.settings': { effect: 'read', params: v.strictObject({ index: FilePath }), result: UnitSettingsSchema },
  /** Replaces those given; a list that is left out stays. */
  'units.configure': {
    effect: 'index',
    params: v.strictObject({ index: FilePath, settings: UnitSettingsChangeSchema }),
    result: UnitSettingsSchema,
  },
} as const satisfies Record<string, Definition>;
