import type { Scope } from '../policy/canonical.ts';
import { utf8Length } from '../policy/validate/filter.ts';

/** Sizes in bytes, both ends included; Infinity where there is no upper bound. */
export interface SizeRange {
  readonly sizeFrom: number;
  readonly sizeTo: number;
}

/** A set of possible versions: keys with a prefix, tags they carry, sizes. */
export interface Box extends SizeRange {
  readonly prefix: string;
  /** Tag key -> value; a version may carry more. */
  readonly tags: ReadonlyMap<string, string>;
}

const MAX_KEY_BYTES = 1024;
/** An object carries ten tags at most (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html). */
const MAX_TAGS = 10;

/** What a filter matches. Filter bounds are exclusive, these are inclusive (s3-domain 4.1). Null where nothing can match. */
export function boxOf(scope: Scope): Box | null {
  const tags = new Map<string, string>();
  for (const { key, value } of scope.tags) {
    if (tags.has(key) && tags.get(key) !== value) return null;
    tags.set(key, value);
  }
  return valid({
    prefix: scope.prefix,
    tags,
    sizeFrom: scope.sizeGreaterThan === null ? 0 : scope.sizeGreaterThan + 1,
    sizeTo: scope.sizeLessThan === null ? Number.POSITIVE_INFINITY : scope.sizeLessThan - 1,
  });
}

function valid(box: Box): Box | null {
  if (box.sizeFrom > box.sizeTo || box.sizeTo < 0 || box.tags.size > MAX_TAGS) return null;
  return utf8Length(box.prefix) > MAX_KEY_BYTES ? null : box;
}

/** What is in both, or null where no version can be. Prefixes meet where one begins with the other. */
export function intersect(a: Box, b: Box): Box | null {
  const [short, long] = a.prefix.length <= b.prefix.length ? [a.prefix, b.prefix] : [b.prefix, a.prefix];
  if (!long.startsWith(short)) return null;
  let { tags } = a;
  if (b.tags.size > 0) {
    const both = new Map(a.tags);
    for (const [key, value] of b.tags) {
      if (both.has(key) && both.get(key) !== value) return null;
      both.set(key, value);
    }
    tags = both;
  }
  return valid({ prefix: long, tags, sizeFrom: Math.max(a.sizeFrom, b.sizeFrom), sizeTo: Math.min(a.sizeTo, b.sizeTo) });
}

/** Whether every version of `inner` whose size is in `outer` is in `outer`: its prefix and tags are asked for by `inner` too. */
export function coversKeysAndTags(outer: Box, inner: Box): boolean {
  if (!inner.prefix.startsWith(outer.prefix)) return false;
  for (const [key, value] of outer.tags) if (inner.tags.get(key) !== value) return false;
  return true;
}

/** The shortest key with a prefix; where rules leave a choice, one that begins like none of `avoid`. */
export function shortestKey(prefix: string, avoid: readonly string[] = []): string {
  if (prefix !== '') return prefix;
  for (let code = 0x61; ; code += 1) {
    const key = String.fromCodePoint(code);
    if (!avoid.some((other) => other.startsWith(key))) return key;
  }
}

export const isAnySize = ({ sizeFrom, sizeTo }: SizeRange): boolean => sizeFrom === 0 && sizeTo === Number.POSITIVE_INFINITY;

/** Whether a range of sizes lies wholly within another. */
export const isInside = (outer: SizeRange, inner: SizeRange): boolean => outer.sizeFrom <= inner.sizeFrom && inner.sizeTo <= outer.sizeTo;
export const isOutside = (a: SizeRange, b: SizeRange): boolean => a.sizeTo < b.sizeFrom || b.sizeTo < a.sizeFrom;
