import type { ClassificationRule, RuleSet } from '../classify/rule-set.ts';
import { isByName, isSupport } from '../units/place.ts';
import { isTracked } from '../units/slot-tracker.ts';
import { classifiedRows, type RollUp } from './cells-query.ts';
import type { Sql } from './sql.ts';

/** The last number of a name of at most nine digits; before "-of-", the one before it. */
const NUMBER = '(?s)\\A(.*)(?<![0-9])([0-9]{1,9})(?![0-9])(.*)\\z';
const NUMBER_OF = '(?s)\\A(.*?)(?<![0-9])([0-9]{1,9})(-of-.*)\\z';

/**
 * What units are made of, for one directory, rule and version state: rows whose names are alike but for one number, whose values
 * follow each other from `first` to `last`, written with `width` digits between `head` and `tail`. The names come back letter
 * for letter; where only sums matter, `head` is the first name and `width` 0. Fields as in the query's last SELECT.
 */
export function filesQuery(rollUp: RollUp): Sql {
  const { rules } = rollUp;
  const inRules = (wanted: (rule: ClassificationRule) => boolean, none: boolean): Sql => {
    const places = rules.flatMap((rule, at) => (wanted(rule) ? [at] : []));
    return `rule IN (${[...(none ? [-1] : []), ...places].join(', ')})`;
  };
  const isNamed = inRules((rule) => needsNames(rule, rules), true);
  // Files that name a checkpoint are noted one by one, with their sizes.
  const isStem = inRules((rule) => isByName(rule) || isSupport(rule.id), false);
  return `WITH ${classifiedRows(rollUp)},
named AS (
  SELECT dir, rule, name, size, modified, CASE WHEN is_marker THEN 2 WHEN is_latest THEN 0 ELSE 1 END AS state,
    ${isNamed} AS is_named,
    CASE WHEN NOT (${isNamed}) OR ${isStem} THEN NULL WHEN regexp_like(name, '${NUMBER_OF}') THEN '${NUMBER_OF}' WHEN regexp_like(name, '[0-9]') THEN '${NUMBER}' END AS pattern
  FROM classified
  WHERE fault = 0
),
cut AS (
  SELECT *, CASE WHEN pattern = '${NUMBER_OF}' THEN regexp_extract(name, '${NUMBER_OF}', 1) WHEN pattern IS NOT NULL THEN regexp_extract(name, '${NUMBER}', 1) END AS before
  FROM named
),
numbered AS (
  SELECT dir, rule, state, is_named, name, size, modified, before,
    CASE WHEN before IS NOT NULL THEN regexp_extract(substr(name, length(before) + 1), '\\A[0-9]+') END AS digits
  FROM cut
),
valued AS (
  SELECT dir, rule, state, is_named,
    CASE WHEN digits IS NOT NULL THEN before WHEN is_named THEN name ELSE '' END AS head,
    CASE WHEN digits IS NOT NULL THEN substr(name, length(before) + length(digits) + 1) ELSE '' END AS tail,
    coalesce(length(digits), 0) AS width, coalesce(CAST(digits AS bigint), 0) AS value,
    min(name) AS name, count(*) AS versions, count_if(size = 0) AS empty, sum(size) AS bytes, min(modified) AS first_ms, max(modified) AS last_ms
  FROM numbered
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
),
runs AS (
  SELECT *, value - row_number() OVER (PARTITION BY dir, rule, state, head, tail, width ORDER BY value) AS run
  FROM valued
)
SELECT dir, rule, state, CASE WHEN is_named THEN head ELSE min(name) END AS head, tail, width, min(value) AS first, max(value) AS last,
  sum(versions) AS versions, sum(empty) AS empty, sum(bytes) AS bytes, min(first_ms) AS first_ms, max(last_ms) AS last_ms
FROM runs
GROUP BY dir, rule, state, is_named, head, tail, width, run`;
}

/** Whether the names of a rule's keys can matter to a unit: it is judged by them, or may hold keys that another rule found. */
function needsNames(rule: ClassificationRule, rules: RuleSet): boolean {
  const kinds = new Set(rules.filter(({ id }) => isTracked(id)).map(({ kind }) => kind));
  return kinds.has(rule.kind) || rule.yieldsTo.some((kind) => kinds.has(kind)) || isByName(rule) || isSupport(rule.id);
}
