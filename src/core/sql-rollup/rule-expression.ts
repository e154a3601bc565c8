import { patternFacts } from '../classify/pattern-facts.ts';
import type { RuleSet } from '../classify/rule-set.ts';
import { javaPattern } from './java-pattern.ts';
import { firstOf, type Sql, text } from './sql.ts';

/** More literals than this are looked for no faster than the pattern itself. */
const MOST_LITERALS = 12;

/** The text of a key, twice: as it is, and with the places of UTF-16 for patterns (`utf16Text`). */
export interface KeyText {
  readonly key: Sql;
  readonly utf16: Sql;
}

/** Whether a pattern matches: what must be in every match is looked for first, which is much cheaper. */
function matches(regex: string, { key, utf16 }: KeyText): Sql {
  const { literals } = patternFacts(regex);
  const tried = `regexp_like(${utf16}, ${text(javaPattern(regex).pattern)})`;
  if (!literals || literals.length > MOST_LITERALS) return tried;
  const found = literals.map((literal) => `strpos(${key}, ${text(literal)}) > 0`);
  return `(${found.length === 1 ? found[0] : `(${found.join(' OR ')})`} AND ${tried})`;
}

/** Place of the first rule whose pattern matches the key by itself; -1 where none does. */
export const ownRule = (rules: readonly { readonly regex: string }[], at: KeyText): Sql =>
  firstOf(
    rules.map(({ regex }, rule) => [matches(regex, at), String(rule)] as const),
    '-1',
  );

/**
 * One bit for every rule that claims a place, in their order: whether the key can be one of its markers. The same tests as
 * those of MarkerFinder, which looks at one key of every set of marks and directory again.
 */
export function claimMarks(rules: RuleSet, at: KeyText & { readonly directory: Sql }): Sql {
  const bits = rules.flatMap(({ regex, claims }) => (claims === undefined ? [] : [{ regex, claims }]));
  if (bits.length > 31) throw new Error('there are more claims than bits');
  const marks = bits.map(({ regex, claims }, bit) => {
    const places = [
      ...claims.segments.map((segment) => `strpos('/' || ${at.directory}, ${text(`/${segment}/`)}) > 0`),
      ...claims.suffixes.map((suffix) => `substr(${at.key}, -${suffix.length}) = ${text(suffix)}`),
    ];
    return `IF((${places.join(' OR ')}) AND ${matches(regex, at)}, ${2 ** bit}, 0)`;
  });
  return marks.length === 0 ? '0' : marks.join('\n  + ');
}
