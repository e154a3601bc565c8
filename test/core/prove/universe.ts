import type { Rule, Tag } from '../../../src/contract/lifecycle.ts';
import { type CanonicalRule, canonicalRule } from '../../../src/core/policy/canonical.ts';
import { filterMatches, type Put, playKey, type Version, type Versioning } from '../../oracle/small-bucket.ts';

/**
 * A small world in which everything can be tried: rules over four prefixes, four tag filters, three sizes and the
 * actions below; keys that lie inside and outside of every prefix; histories of writes in half days.
 */
const day = (count: number): string => new Date(count * 86_400_000).toISOString();

export const ACTIONS: readonly Partial<Rule>[] = [
  { Expiration: { Days: 1 } },
  { Expiration: { Days: 2 } },
  { Expiration: { Date: day(2) } },
  { Expiration: { Date: day(0) } },
  { NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
  { NoncurrentVersionExpiration: { NoncurrentDays: 2 } },
  { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 } },
  { Expiration: { ExpiredObjectDeleteMarker: true } },
  { Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
  { Status: 'Disabled', Expiration: { Days: 1 } },
  { Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] },
  {
    Transitions: [
      { Days: 1, StorageClass: 'STANDARD_IA' },
      { Days: 2, StorageClass: 'DEEP_ARCHIVE' },
    ],
  },
  { Transitions: [{ Date: day(2), StorageClass: 'GLACIER' }] },
];
export const PREFIXES = ['', 'a', 'ab', 'b'] as const;
export const TAG_FILTERS: readonly (readonly Tag[])[] = [
  [],
  [{ Key: 't', Value: '1' }],
  [{ Key: 't', Value: '2' }],
  [
    { Key: 't', Value: '1' },
    { Key: 'u', Value: '1' },
  ],
];
export const SIZES: readonly { readonly ObjectSizeGreaterThan?: number; readonly ObjectSizeLessThan?: number }[] = [
  {},
  { ObjectSizeGreaterThan: 1 },
  { ObjectSizeLessThan: 3 },
];

export interface Thing {
  readonly key: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
}
/** "z" and the bare prefixes lie where no longer prefix reaches; a tag of its own asks whether more tags matter. */
export const THINGS: readonly Thing[] = ['a', 'ab', 'abc', 'b', 'z'].flatMap((key) =>
  [{}, { t: '1' }, { t: '2' }, { t: '1', u: '1' }].flatMap((tags) => [1, 2, 3].map((sizeBytes) => ({ key, tags, sizeBytes }))),
);

export function ruleOf(action: number, prefix: number, tags: number, sizes: number): Rule {
  return {
    ID: `${action}/${prefix}/${tags}/${sizes}`,
    Status: 'Enabled',
    Filter: { And: { Prefix: PREFIXES[prefix]!, Tags: [...TAG_FILTERS[tags]!], ...SIZES[sizes]! } },
    ...ACTIONS[action]!,
  };
}

/** The worst and the soonest that happens over every history in which a thing meets the same rules. */
export interface Outcome {
  /** Days after the midnight that follows the write, and the day, of the first removal by a run. */
  readonly removalAge: number;
  readonly removalDay: number;
  readonly hideAge: number;
  readonly hideDay: number;
  /** The same where nobody writes over the key. */
  readonly quietAge: number;
  readonly quietDay: number;
  /** The last version left, and the last thing left, delete markers included: of what was written from day 0 on, and by day 0. */
  readonly versionsGoneAge: number;
  readonly versionsGoneDay: number;
  readonly goneAge: number;
  readonly goneDay: number;
}

const deep = process.env.ISOTHERM_DEEP === '1';
const WRITES = deep ? [0, 0.5, 1, 1.5, 2, 2.5, 3] : [0, 0.5, 1, 2.5];
const EARLIER = deep ? [-2, -1.5, -1, -0.5, 0] : [-1.5, -0.5, 0];
const DELAYS = deep ? [0, 0.5, 1, 1.5, 2.5] : [0, 0.5, 1.5];
const DAYS = 12;
const VERSIONS_BY_ID = { unversioned: [true], enabled: [false], suspended: [true, false] } as const;

/** Rules as seen by the newest version, the ones it was written over, and the delete marker: true where the filter matches. */
export interface Meeting {
  readonly actions: readonly number[];
  readonly newest: readonly boolean[];
  readonly older: readonly boolean[];
  readonly marker: readonly boolean[];
}

const known = new Map<string, Outcome>();

export function outcomeOf(meeting: Meeting, versioning: Versioning): Outcome {
  const name = JSON.stringify([meeting, versioning]);
  const had = known.get(name);
  if (had !== undefined) return had;
  const made = play(meeting, versioning);
  known.set(name, made);
  return made;
}

function play({ actions, newest, older, marker }: Meeting, versioning: Versioning): Outcome {
  const rules = actions.map((action) => canonicalRule(ruleOf(action, 0, 0, 0)));
  const at = new Map<CanonicalRule, number>(rules.map((rule, index) => [rule, index]));
  const lastOf = (puts: readonly Put[]) => puts.at(-1);
  let [removalAge, removalDay, hideAge, hideDay, quietAge, quietDay] = Array.from({ length: 6 }, () => Number.POSITIVE_INFINITY) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  let [versionsGoneAge, versionsGoneDay, goneAge, goneDay] = [0, 0, 0, 0];
  const classes = rules.some(({ transitions }) => transitions.length > 0) ? ['STANDARD', 'GLACIER', 'DEEP_ARCHIVE'] : ['STANDARD'];
  for (const [isNull, storageClass] of VERSIONS_BY_ID[versioning].flatMap((one) => classes.map((name) => [one, name] as const))) {
    for (const write of [...WRITES, ...EARLIER]) {
      for (const overwrites of [0, 1, 2]) {
        for (const delay of overwrites === 0 ? [0] : DELAYS) {
          const puts = Array.from(
            { length: overwrites + 1 },
            (_, index): Put => ({ at: write + (index === 0 ? 0 : delay), tags: {}, sizeBytes: 1, isNull, storageClass }),
          );
          const matches = (rule: CanonicalRule, put: Put | null): boolean => {
            const index = at.get(rule) as number;
            const met = put === null ? marker[index] : put === lastOf(puts) ? newest[index] : older[index];
            return rule.enabled && met === true;
          };
          const versions = playKey(puts, rules, matches, versioning, DAYS);
          for (const version of versions) {
            if (version.put === null) continue;
            const ceiling = Math.ceil(version.at);
            const removed = version.removedByRun ?? Number.POSITIVE_INFINITY;
            const lost = Math.min(removed, version.hiddenOn ?? Number.POSITIVE_INFINITY);
            // What was there before the configuration is the business of the inventory.
            if (version.at < 0) continue;
            removalAge = Math.min(removalAge, removed - ceiling);
            removalDay = Math.min(removalDay, removed);
            hideAge = Math.min(hideAge, lost - ceiling);
            hideDay = Math.min(hideDay, lost);
            if (overwrites > 0) continue;
            quietAge = Math.min(quietAge, removed - ceiling);
            quietDay = Math.min(quietDay, removed);
          }
          const lastOfAll = (some: readonly Version[]) => Math.max(...some.map((version) => version.removedOn ?? Number.POSITIVE_INFINITY));
          const last = lastOfAll(versions);
          const lastVersion = lastOfAll(versions.filter(({ put }) => put !== null));
          const lastWrite = Math.max(...puts.map((put) => put.at));
          // Everything is measured from the last write: what is written later is another story.
          if (write >= 0) {
            goneAge = Math.max(goneAge, last - Math.ceil(lastWrite));
            versionsGoneAge = Math.max(versionsGoneAge, lastVersion - Math.ceil(lastWrite));
          }
          if (lastWrite <= 0) {
            goneDay = Math.max(goneDay, last);
            versionsGoneDay = Math.max(versionsGoneDay, lastVersion);
          }
        }
      }
    }
  }
  return { removalAge, removalDay, hideAge, hideDay, quietAge, quietDay, versionsGoneAge, versionsGoneDay, goneAge, goneDay };
}

/** How a thing and its marker meet a list of rules. */
export function metBy(rules: readonly CanonicalRule[], thing: Thing): { readonly version: boolean[]; readonly marker: boolean[] } {
  return {
    version: rules.map((rule) => filterMatches(rule, thing.key, thing)),
    marker: rules.map((rule) => filterMatches(rule, thing.key, null)),
  };
}
