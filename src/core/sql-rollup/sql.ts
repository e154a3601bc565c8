/** A piece of SQL in Trino's dialect. */
export type Sql = string;

/** A text as a literal. Trino knows no escapes but the doubled quote. */
export const text = (value: string): Sql => `'${value.replaceAll("'", "''")}'`;

export const identifier = (name: string): Sql => `"${name.replaceAll('"', '""')}"`;

/** The first of these conditions that holds decides. */
export const firstOf = (cases: readonly (readonly [condition: Sql, value: Sql])[], otherwise: Sql): Sql =>
  cases.length === 0
    ? otherwise
    : `CASE ${cases.map(([condition, value]) => `WHEN ${condition} THEN ${value}`).join('\n  ')}\n  ELSE ${otherwise} END`;

/**
 * A text in which every character beyond U+FFFF takes two places, as in ECMAScript: patterns that count
 * characters then count alike. U+E000 stands for each half; no pattern names it.
 */
export const utf16Text = (value: Sql): Sql =>
  `CASE WHEN regexp_like(${value}, '[\\x{10000}-\\x{10FFFF}]') THEN regexp_replace(${value}, '[\\x{10000}-\\x{10FFFF}]', ${text('\ue000\ue000')}) ELSE ${value} END`;
