/** The part of better-sqlite3 13 that is used here; the package ships no types. */
declare module 'better-sqlite3' {
  type Value = string | number | bigint | null | Uint8Array;
  interface Statement {
    run(...values: readonly Value[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
    get(...values: readonly Value[]): Record<string, unknown> | undefined;
    all(...values: readonly Value[]): Record<string, unknown>[];
    iterate(...values: readonly Value[]): IterableIterator<Record<string, unknown>>;
    /** Rows as arrays from here on. */
    raw(): { all(...values: readonly Value[]): unknown[][]; iterate(...values: readonly Value[]): IterableIterator<unknown[]> };
    /** Whole numbers as bigint from here on. */
    safeIntegers(): this;
    columns(): readonly { readonly name: string }[];
    /** Whether it gives rows, and whether it changes nothing. */
    readonly reader: boolean;
    readonly readonly: boolean;
  }
  class Database {
    constructor(path: string, options?: { readonly?: boolean; fileMustExist?: boolean; timeout?: number });
    prepare(sql: string): Statement;
    exec(sql: string): this;
    /** Makes a virtual table known; `parameters` are hidden columns that "=" alone may name. */
    table(
      name: string,
      definition: {
        readonly columns: readonly string[];
        readonly parameters: readonly string[];
        readonly rows: (...values: (string | bigint | null | undefined)[]) => Generator<readonly Value[]>;
      },
    ): this;
    pragma(text: string, options?: { simple?: boolean }): unknown;
    close(): this;
    readonly open: boolean;
  }
  export default Database;
}
