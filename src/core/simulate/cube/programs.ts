import { SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import { type TagFilter, tagKey, tagVerdict } from '../../cube/tag-groups.ts';
import type { RunOptions } from '../options.ts';
import { type ActiveRule, matchesSize } from '../rules.ts';
import { type Program, programOf } from '../timeline/program.ts';

/**
 * The programs of one configuration: by the set of rules whose prefixes hold, and the sizes they are asked about. Rules are those of
 * both configurations that are compared; `from` and `to` bound the ones that are this configuration's own.
 */
export class Programs {
  private readonly sets: readonly (readonly number[])[];
  private readonly rules: readonly ActiveRule[];
  private readonly from: number;
  private readonly to: number;
  private readonly bounds: readonly number[];
  /** The filter each rule asks tags by, among those that are told apart; -1 for none of them. */
  private readonly filterOf: ReadonlyMap<ActiveRule, number>;
  private readonly options: RunOptions;
  private readonly known = new Map<string, Program>();

  constructor(
    sets: readonly (readonly number[])[],
    rules: readonly ActiveRule[],
    own: { readonly from: number; readonly to: number },
    bounds: readonly number[],
    options: RunOptions,
    tagFilters: readonly TagFilter[] = [],
  ) {
    this.sets = sets;
    this.rules = rules;
    this.from = own.from;
    this.to = own.to;
    this.bounds = bounds;
    const keys = tagFilters.map(tagKey);
    this.filterOf = new Map(rules.map((rule) => [rule, keys.indexOf(tagKey(rule.scope.tags))]));
    this.options = options;
  }

  /** Where tags are not known a rule that asks for one matches every version, or none. */
  private matchesTags(rule: ActiveRule, group: number): boolean {
    if (rule.scope.tags.length === 0) return true;
    return tagVerdict(group, this.filterOf.get(rule) ?? -1) ?? this.options.tags === 'all';
  }

  /** For versions of a band (see `RefinedCube.band`), small or not. */
  of(set: number, band: number, isSmall: boolean): Program {
    const key = `${set}/${band}/${isSmall ? 1 : 0}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const reached = (this.sets[set] ?? [])
      .filter((rule) => rule >= this.from && rule < this.to)
      .map((rule) => this.rules[rule] as ActiveRule);
    const sizeBand = band % (this.bounds.length + 1);
    const group = Math.floor(band / (this.bounds.length + 1));
    // All sizes of a band, on one side of 128 KiB, are alike to every filter: its least size stands for them.
    const sizeBytes = Math.max(sizeBand === 0 ? 0 : (this.bounds[sizeBand - 1] ?? 0), isSmall ? 0 : SMALL_OBJECT_BYTES);
    const matching = reached.filter((rule) => this.matchesTags(rule, group) && matchesSize(rule.scope, sizeBytes));
    const program = programOf(matching, reached, isSmall, this.options);
    this.known.set(key, program);
    return program;
  }
}
