import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { RuleSet } from '../classify/rule-set.ts';
import { LOCKED_FOR_EVER, MULTI, NOT_LOCKED, REPLICATION_BLOCKED, SUPERSEDED } from '../cube/cube.ts';
import { isByName } from '../units/place.ts';
import { claimMarks, ownRule } from './rule-expression.ts';
import { firstOf, type Sql, utf16Text } from './sql.ts';
import { qualified, rowsOf, type TableShape } from './table-shape.ts';

/** What a roll-up is made of and for. */
export interface RollUp {
  readonly shape: TableShape;
  /** Catalog, schema and table. */
  readonly table: readonly string[];
  /** Set where the table tells of other buckets too: then only this one's rows count. */
  readonly onlyBucket: string | null;
  /** The report, where the table holds several: a value of its partition column. */
  readonly partition: string | null;
  readonly asOfMs: number;
  readonly rules: RuleSet;
}

/** What is wrong with a row that a cell is not made of; 0 is nothing. */
export const FAULTS = ['', 'key', 'size', 'storage_class', 'last_modified_date'] as const;

/**
 * One row of the answer: versions of one directory that are alike in all a cell tells and in what the rules say of their keys
 * alone. What the directories say to each other (live tables, claims) is settled where the answer arrives.
 * `traits`: state, `Cube.flags` * 4, isSmall * 32, fault * 64.
 */
const CELL_FIELDS = [
  'dir',
  'name',
  'rule',
  'marks',
  'class',
  'tier',
  'traits',
  'locked_until_day',
  'written_day',
  'clock_day',
  'versions',
  'bytes',
  'no_successor',
] as const;

/** The first UTC day at or after an instant, and the one it lies in; SQL's division cuts towards zero. */
const dayOf = (ms: Sql): Sql => `((${ms} - (((${ms}) % ${DAY_MS} + ${DAY_MS}) % ${DAY_MS})) / ${DAY_MS})`;
const dayFrom = (ms: Sql): Sql => dayOf(`(${ms} + ${DAY_MS - 1})`);

/** The cells of a table: one pass over its rows. Where a name can make a unit, keys of different names are in different cells. */
export function cellsQuery(rollUp: RollUp): Sql {
  const { rules } = rollUp;
  const stem = `IF(rule IN (${[-2, ...rules.flatMap((rule, at) => (isByName(rule) ? [at] : []))].join(', ')}), name, '')`;
  const names = CELL_FIELDS.slice(0, 10).filter((name) => name !== 'name');
  return `WITH ${classifiedRows(rollUp)},
cells AS (
  SELECT dir, name, rule, marks, class, tier, size, no_successor, ${stem} AS stem,
    ${traits()} AS traits,
    ${lockedUntilDay(rollUp.asOfMs)} AS locked_until_day,
    ${dayOf('modified')} AS written_day,
    ${dayFrom('clock')} AS clock_day
  FROM classified
)
SELECT dir, min(name) AS name, ${names.slice(1).join(', ')}, count(*) AS versions, sum(size) AS bytes, count_if(no_successor) AS no_successor
FROM cells
GROUP BY ${names.join(', ')}, stem`;
}

/** `classified`: the table's rows with their clocks, directories, names, rules and marks. */
export function classifiedRows(rollUp: RollUp): Sql {
  const { rules } = rollUp;
  return `${keyRows(rollUp)},
classified AS (
  SELECT *, ${ownRule(rules, { key: 'k', utf16: 'u' })} AS rule,
  ${claimMarks(rules, { key: 'k', utf16: 'u', directory: 'dir' })} AS marks
  FROM (SELECT *, substr(k, 1, cut) AS dir, substr(k, cut + 1) AS name, ${utf16Text('k')} AS u
    FROM (SELECT *, strpos(k, '/', -1) AS cut FROM versions))
)`;
}

/**
 * `versions`: the table's rows with clocks. A version that is not the latest stopped being current when the next newer one of
 * its key was written (s3-domain 4.5): the latest is newest even where its time says otherwise, and of equal times the version
 * id decides, since a table does not keep the order of the report. `only` must be a condition of keys, so that whole keys come.
 */
export function keyRows({ shape, table, onlyBucket, partition, asOfMs }: Omit<RollUp, 'rules'>, only: Sql = 'true'): Sql {
  const or = (value: Sql | null, otherwise: Sql): Sql => value ?? otherwise;
  const isMarker = or(shape.isMarker, 'false');
  const hasVersions = shape.isMarker !== null;
  const fault = firstOf(
    [
      [`coalesce(${shape.key}, '') = ''`, '1'],
      [`NOT ${isMarker} AND (${shape.size} IS NULL OR ${shape.size} < 0)`, '2'],
      [`${shape.lastModifiedMs} IS NULL`, '4'],
      [`NOT ${isMarker} AND ${shape.storageClass} = ''`, '3'],
    ],
    '0',
  );
  const held = [shape.legalHold, shape.eventHold].filter((column) => column !== null).map((column) => `lower(${column}) = 'on'`);
  const replication = shape.replicationStatus;
  const rows = `rows AS (
  SELECT coalesce(${shape.key}, '') AS k, ${fault} AS fault, ${isMarker} AS is_marker,
    ${shape.isLatest ?? (shape.sequence === null ? 'true' : 'NULL')} AS is_latest,
    ${hasVersions && shape.versionId !== null ? `IF(lower(${shape.versionId}) = 'null', '', ${shape.versionId})` : "''"} AS version_id,
    ${or(shape.eTag, "''")} AS e_tag, ${or(shape.sequence, "''")} AS sequence,
    IF(${isMarker}, 0, coalesce(${shape.size}, 0)) AS size, coalesce(${shape.lastModifiedMs}, 0) AS modified,
    IF(${isMarker}, '', ${shape.storageClass}) AS class, IF(${isMarker}, '', ${or(shape.accessTier, "''")}) AS tier,
    ${replication === null ? 'false' : `lower(${replication}) IN ('pending', 'failed')`} AS is_blocked,
    ${held.length === 0 ? 'false' : `NOT ${isMarker} AND (${held.join(' OR ')})`} AS is_held,
    ${shape.retainUntilMs === null ? 'CAST(NULL AS bigint)' : `IF(${isMarker}, NULL, ${shape.retainUntilMs})`} AS retain_until
  FROM ${qualified(table)}
  WHERE ${rowsOf(shape, partition, onlyBucket)} AND ${only}
)`;
  if (!hasVersions) {
    return `${rows},
versions AS (SELECT *, modified AS clock, false AS is_multi, false AS no_successor FROM rows)`;
  }
  const isLatest = shape.sequence === null ? 'is_latest' : 'row_number() OVER newest = 1';
  const order = shape.sequence === null ? 'is_latest DESC, modified DESC, version_id' : 'sequence DESC';
  const windows = `WINDOW newest AS (PARTITION BY k ORDER BY ${order}), whole AS (PARTITION BY k)`;
  return `${rows},
keyed AS (
  SELECT k, fault, is_marker, size, modified, class, tier, is_blocked, is_held, retain_until, version_id, e_tag, ${isLatest} AS is_latest,
    lag(modified) OVER newest AS successor, count(*) OVER whole AS of_key,
    ${shape.sequence === null ? 'bool_or(NOT is_latest) OVER whole' : 'true'} AS has_older
  FROM rows ${windows}
),
versions AS (
  SELECT *, CASE WHEN is_latest THEN modified WHEN successor IS NULL THEN ${asOfMs} ELSE greatest(successor, modified) END AS clock,
    of_key > 1 AND has_older AS is_multi, NOT is_latest AND successor IS NULL AS no_successor
  FROM keyed
)`;
}

function traits(): Sql {
  const state = 'CASE WHEN is_marker THEN 2 WHEN is_latest THEN 0 ELSE 1 END';
  const flags = [
    [REPLICATION_BLOCKED, 'is_blocked'],
    [MULTI, 'is_multi'],
    [SUPERSEDED, 'is_marker AND NOT is_latest'],
  ] as const;
  const flagged = flags.map(([bit, condition]) => `IF(${condition}, ${bit * 4}, 0)`).join(' + ');
  return `${state} + ${flagged} + IF(size < ${SMALL_OBJECT_BYTES}, 32, 0) + fault * 64`;
}

const lockedUntilDay = (asOfMs: number): Sql =>
  `CASE WHEN is_held THEN ${LOCKED_FOR_EVER} WHEN retain_until > ${asOfMs} THEN least(${dayFrom('retain_until')}, ${LOCKED_FOR_EVER}) ELSE ${NOT_LOCKED} END`;
