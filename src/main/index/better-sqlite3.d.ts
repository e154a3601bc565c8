/** The part of better-sqlite3 13 that is used here; the package ships no types. */
declare module 'better-sqlite3' {
  type Value = string | number | bigint | null | Uint8Array;
  interface Statement {
    run(...values: readonly Value[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
    get(...values: readonly Value[]): Record<string, unknown> | undefined;
    all(...values: readonly Value[]): Record<string, unknown>[];
    /** Rows as arrays from here on. */
    raw(): { all(...values: readonly Value[]): unknown[][] };
  }
  class Database {
    constructor(path: string, options?: { readonly?: boolean; fileMustExist?: boolean; timeout?: number });
    prepare(sql: string): Statement;
    exec(sql: string): this;
    pragma(text: string, options?: { simple?: boolean }): unknown;
    close(): this;
    readonly open: boolean;
  }
  export default Database;
}
