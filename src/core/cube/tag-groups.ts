/** Tags of a version, in any order. */
export type VersionTags = readonly (readonly [key: string, value: string])[];
/** The tags a rule asks for, all of them. */
export type TagFilter = readonly { readonly key: string; readonly value: string }[];

const UNKNOWN = 0;
const MATCHES = 1;
const OTHER = 2;
/** What groups of so many filters are told by must fit into 16 bits beside the size bands. */
const MOST_FILTERS = 7;

/** The same text for the same tags. */
export const tagKey = (filter: TagFilter): string => JSON.stringify(filter.map(({ key, value }) => [key, value]).sort());

/** Each filter once; what is beyond the most that are told apart is not known of any version. */
export function distinctFilters(filters: readonly TagFilter[]): TagFilter[] {
  const found = new Map(filters.filter(({ length }) => length > 0).map((filter) => [tagKey(filter), filter]));
  return [...found.values()].slice(0, MOST_FILTERS);
}

/** What filters make of a version, in one number: 0 where its tags are not known. */
export function tagGroupOf(filters: readonly TagFilter[], tags: VersionTags | null): number {
  if (tags === null) return 0;
  let group = 0;
  for (let at = filters.length - 1; at >= 0; at--) {
    const isThere = (filters[at] as TagFilter).every(({ key, value }) => tags.some((tag) => tag[0] === key && tag[1] === value));
    group = group * 3 + (isThere ? MATCHES : OTHER);
  }
  return group;
}

/** Whether a filter matches the versions of a group; null where their tags are not known. */
export function tagVerdict(group: number, filter: number): boolean | null {
  const digit = filter < 0 ? UNKNOWN : Math.floor(group / 3 ** filter) % 3;
  return digit === UNKNOWN ? null : digit === MATCHES;
}
