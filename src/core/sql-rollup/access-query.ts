import { isByName } from '../units/place.ts';
import type { RollUp } from './cells-query.ts';
import { type LogShape, logEvents } from './log-table.ts';
import { claimMarks, ownRule } from './rule-expression.ts';
import { type Sql, utf16Text } from './sql.ts';
import { qualified, rowsOf } from './table-shape.ts';

/** A table over the access logs of a bucket. */
export interface LogTable {
  readonly shape: LogShape;
  readonly table: readonly string[];
  readonly bucket: string;
}

/**
 * Requests by UTC day. Fields: day (null for lines that cannot be read), lines, of them readable in part; of the bucket: requests
 * and writes; requests of other buckets.
 */
export function logDaysQuery({ shape, table, bucket }: LogTable): Sql {
  return `WITH ${logEvents(shape, qualified(table), bucket)}
SELECT day, count(*) AS lines, count_if(is_ok AND is_partial) AS partial, count_if(is_ok AND is_ours) AS requests,
  count_if(is_ok AND is_ours AND is_write) AS writes, count_if(is_ok AND NOT is_ours) AS others
FROM events
GROUP BY day`;
}

const SUMS = 'sum(reads) AS reads, sum(whole) AS whole, sum(sent) AS sent, min(first_ms) AS first_ms, max(last_ms) AS last_ms';

/** `reads`: reads of some days, by the key as the log spells it, reader and Region. */
function readsOf({ shape, table, bucket }: LogTable, days: readonly number[]): Sql {
  return `${logEvents(shape, qualified(table), bucket)},
reads AS (
  SELECT raw, requester, agent, region, count(*) AS reads, count_if(is_whole) AS whole, sum(sent) AS sent, min(t) AS first_ms, max(t) AS last_ms
  FROM events
  WHERE is_ok AND is_ours AND is_read AND raw <> '' AND day IN (${days.join(', ')})
  GROUP BY raw, requester, agent, region
)`;
}

/**
 * Reads by key, for an index that has its rows. Fields: the key as the log spells it, requester, agent, Region, reads, whole reads,
 * bytes, first and last time.
 */
export function readsByKeyQuery(log: LogTable, days: readonly number[]): Sql {
  return `WITH ${readsOf(log, days)}
SELECT raw, requester, agent, region, reads, whole, sent, first_ms, last_ms FROM reads`;
}

/**
 * Reads by what their keys are part of, where the report's rows lie beside the logs. Fields as above, with one key of those that are
 * alike in front, and at the end whether it is in the report: keys of one directory that rules judge alike are of one unit; keys
 * that are not in the report are told by their directory alone.
 */
export function readsByPlaceQuery(log: LogTable, days: readonly number[], rollUp: RollUp): Sql {
  const { rules, shape, table, partition, onlyBucket } = rollUp;
  const byName = rules.flatMap((rule, at) => (isByName(rule) ? [at] : []));
  const stem = `IF(NOT is_in, '', IF(rule IN (${[-2, ...byName].join(', ')}), name, ''))`;
  const keys = ['once', 'twice', "regexp_replace(once, '^/', '')", "regexp_replace(twice, '^/', '')", 'raw'];
  return `WITH ${readsOf(log, days)},
once AS (SELECT raw, ${decoded('raw')} AS once FROM (SELECT DISTINCT raw FROM reads)),
twice AS (SELECT raw, once, ${decoded('once')} AS twice FROM once),
report AS (SELECT DISTINCT ${shape.key} AS k FROM ${qualified(table)} WHERE ${rowsOf(shape, partition, onlyBucket)}),
spelled AS (SELECT raw, m.k, m.place FROM twice CROSS JOIN UNNEST(ARRAY[${keys.join(', ')}]) WITH ORDINALITY AS m (k, place)),
inside AS (SELECT s.raw, min_by(s.k, s.place) AS k FROM spelled s JOIN report r ON r.k = s.k WHERE s.k <> '' GROUP BY s.raw),
placed AS (
  SELECT coalesce(i.k, nullif(o.once, ''), o.raw) AS k, i.k IS NOT NULL AS is_in, r.requester, r.agent, r.region, r.reads, r.whole, r.sent, r.first_ms, r.last_ms
  FROM reads r JOIN once o ON o.raw = r.raw LEFT JOIN inside i ON i.raw = r.raw
),
judged AS (
  SELECT *, IF(is_in, ${ownRule(rules, { key: 'k', utf16: 'u' })}, -1) AS rule,
    IF(is_in, ${claimMarks(rules, { key: 'k', utf16: 'u', directory: 'dir' })}, 0) AS marks
  FROM (SELECT *, substr(k, 1, cut) AS dir, substr(k, cut + 1) AS name, ${utf16Text('k')} AS u FROM (SELECT *, strpos(k, '/', -1) AS cut FROM placed))
),
stemmed AS (SELECT *, ${stem} AS stem FROM judged)
SELECT min(k) AS k, requester, agent, region, ${SUMS}, IF(is_in, 1, 0) AS in_report
FROM stemmed
GROUP BY is_in, dir, rule, marks, stem, requester, agent, region`;
}

/** Percent-encoding undone as far as it is one; bytes that are no UTF-8 leave a text as it is. */
const decoded = (value: Sql): Sql =>
  `IF(strpos(${value}, '%') = 0 AND strpos(${value}, '+') = 0, ${value},
  coalesce(try(IF(strpos(url_decode(${value}), U&'\\FFFD') > 0 AND strpos(lower(${value}), '%ef%bf%bd') = 0, ${value}, url_decode(${value}))), ${value}))`;
