import type { Filter, LifecycleConfiguration, MinimumSize, Rule } from '../../contract/lifecycle.ts';

/** What a rule matches, whatever its spelling. Size bounds are exclusive (s3-domain 4.1). */
export interface Scope {
  readonly prefix: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly sizeGreaterThan: number | null;
  readonly sizeLessThan: number | null;
}

/** When an action is due: days after the clock starts, or from a date on (ISO, ms). */
export interface Due {
  readonly days: number | null;
  readonly date: string | null;
}

interface CanonicalTransition extends Due {
  readonly storageClass: string;
}

interface CanonicalNoncurrentTransition {
  readonly noncurrentDays: number | null;
  readonly storageClass: string;
  readonly newerNoncurrentVersions: number;
}

/** One rule by meaning: one spelling for each meaning, lists sorted, absent = empty. */
export interface CanonicalRule {
  readonly id: string | null;
  readonly enabled: boolean;
  readonly scope: Scope;
  readonly transitions: readonly CanonicalTransition[];
  readonly expiration: Due | null;
  readonly expiredObjectDeleteMarker: boolean;
  readonly noncurrentTransitions: readonly CanonicalNoncurrentTransition[];
  readonly noncurrentExpiration: { readonly noncurrentDays: number | null; readonly newerNoncurrentVersions: number } | null;
  readonly abortDays: number | null;
}

/** A date in the one spelling used here; a string that is no date stays as it is, so it can be refused by name. */
function normalizeDate(date: string): string {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? date : new Date(ms).toISOString();
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byText = (a: unknown, b: unknown): number => compareText(JSON.stringify(a), JSON.stringify(b));

/** Two prefixes on one rule hold together: the longer one is what can still match. */
function narrower(prefixes: readonly (string | undefined)[]): string {
  let longest = '';
  for (const prefix of prefixes) if (prefix !== undefined && prefix.length > longest.length) longest = prefix;
  return longest;
}

function largest(...values: (number | undefined)[]): number | null {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0 ? null : Math.max(...given);
}

function smallest(...values: (number | undefined)[]): number | null {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0 ? null : Math.min(...given);
}

/** What a rule matches. `Filter:{}`, `Filter:{Prefix:''}` and legacy `Prefix:''` all match the whole bucket. */
export function scopeOf(rule: Pick<Rule, 'Filter' | 'Prefix'>): Scope {
  const filter: Filter = rule.Filter ?? {};
  const and = filter.And ?? {};
  const tags = [...(filter.Tag === undefined ? [] : [filter.Tag]), ...(and.Tags ?? [])].map((tag) => ({ key: tag.Key, value: tag.Value }));
  return {
    prefix: narrower([rule.Prefix, filter.Prefix, and.Prefix]),
    tags: tags.sort(byText),
    sizeGreaterThan: largest(filter.ObjectSizeGreaterThan, and.ObjectSizeGreaterThan),
    sizeLessThan: smallest(filter.ObjectSizeLessThan, and.ObjectSizeLessThan),
  };
}

const due = (element: { readonly Days?: number | undefined; readonly Date?: string | undefined }): Due => ({
  days: element.Days ?? null,
  date: element.Date === undefined ? null : normalizeDate(element.Date),
});

/** The meaning of one rule. Total: an invalid rule has one too (the validator judges it). */
export function canonicalRule(rule: Rule): CanonicalRule {
  const expiration = rule.Expiration === undefined ? null : due(rule.Expiration);
  const noncurrent = rule.NoncurrentVersionExpiration;
  const noncurrentExpiration =
    noncurrent === undefined || (noncurrent.NoncurrentDays === undefined && noncurrent.NewerNoncurrentVersions === undefined)
      ? null
      : { noncurrentDays: noncurrent.NoncurrentDays ?? null, newerNoncurrentVersions: noncurrent.NewerNoncurrentVersions ?? 0 };
  return {
    id: rule.ID ?? null,
    enabled: rule.Status === 'Enabled',
    scope: scopeOf(rule),
    transitions: (rule.Transitions ?? []).map((step) => ({ ...due(step), storageClass: step.StorageClass })).sort(byText),
    expiration: expiration !== null && expiration.days === null && expiration.date === null ? null : expiration,
    expiredObjectDeleteMarker: rule.Expiration?.ExpiredObjectDeleteMarker === true,
    noncurrentTransitions: (rule.NoncurrentVersionTransitions ?? [])
      .map((step) => ({
        noncurrentDays: step.NoncurrentDays ?? null,
        storageClass: step.StorageClass,
        newerNoncurrentVersions: step.NewerNoncurrentVersions ?? 0,
      }))
      .sort(byText),
    noncurrentExpiration,
    abortDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? null,
  };
}

/** The rules of a configuration by meaning, in one order. `null` (no configuration) has no rules. */
function canonicalRules(configuration: LifecycleConfiguration | null): CanonicalRule[] {
  return (configuration?.Rules ?? []).map(canonicalRule).sort(byText);
}

/** The text whose SHA-256 is the hash of a bucket's configuration: equal texts mean equal meaning. */
export function canonicalText(configuration: LifecycleConfiguration | null, minimumSize: MinimumSize): string {
  return JSON.stringify({ minimumSize, rules: canonicalRules(configuration) });
}

/** The one spelling this program writes: no legacy `Prefix`, `And` only for two predicates or more, empty lists left out. */
export function respell(rule: Rule): Rule {
  const { prefix, tags, sizeGreaterThan, sizeLessThan } = scopeOf(rule);
  const { Prefix: _legacy, Filter: _filter, Transitions, NoncurrentVersionTransitions, ...rest } = rule;
  const sdkTags = tags.map((tag) => ({ Key: tag.key, Value: tag.value }));
  const sizes = {
    ...(sizeGreaterThan === null ? {} : { ObjectSizeGreaterThan: sizeGreaterThan }),
    ...(sizeLessThan === null ? {} : { ObjectSizeLessThan: sizeLessThan }),
  };
  const predicates = (prefix === '' ? 0 : 1) + tags.length + Object.keys(sizes).length;
  const [onlyTag] = sdkTags;
  const filter: Filter =
    predicates > 1
      ? { And: { ...(prefix === '' ? {} : { Prefix: prefix }), ...(sdkTags.length === 0 ? {} : { Tags: sdkTags }), ...sizes } }
      : onlyTag !== undefined
        ? { Tag: onlyTag }
        : Object.keys(sizes).length > 0
          ? sizes
          : { Prefix: prefix };
  return {
    ...rest,
    Filter: filter,
    ...(Transitions === undefined || Transitions.length === 0 ? {} : { Transitions }),
    ...(NoncurrentVersionTransitions === undefined || NoncurrentVersionTransitions.length === 0 ? {} : { NoncurrentVersionTransitions }),
  };
}
