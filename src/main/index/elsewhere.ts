import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { type AppError, appError } from '../../contract/errors.ts';
import { KINDS } from '../../contract/vocabulary.ts';
import type { DirectoryClaims } from '../../core/classify/claims.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import { MULTI } from '../../core/cube/cube.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import type { DirectoryRange } from '../../core/cube/row-block.ts';
import type { Unit } from '../../core/units/unit-builder.ts';
import { UnitPass } from '../../core/units/unit-pass.ts';
import { NO_UNIT } from '../../core/units/unit-table.ts';
import { U8, U32 } from '../kernel/kernel.ts';
import type { ColumnPacker } from './column-packer.ts';
import { type FetchedRow, FetchedRows, type Judges, sortFetched } from './fetched-rows.ts';
import { unpackNumbers } from './packed-numbers.ts';

/** Rows that a question needs and the index does not have. */
export interface WantedRows {
  /** The index file. */
  readonly index: string;
  readonly snapshotId: string;
  readonly range: DirectoryRange;
  /** Only keys with more than one version or delete marker. */
  readonly onlySeveral: boolean;
}

const wantedBy = new WeakMap<AppError, WantedRows>();

/** A failure for want of rows; whoever answers questions fetches them and asks again. */
export function rowsElsewhere(rows: WantedRows, address: string): AppError {
  const words = `The rows of this snapshot are not in the index but in ${address}; this question needs them.`;
  const failure = appError('RowsElsewhere', words, { file: rows.index });
  wantedBy.set(failure, rows);
  return failure;
}

/** The rows for want of which a question failed. */
export const wantedOf = (failure: AppError): WantedRows | undefined => wantedBy.get(failure);

const CLAIMS = ['strong', 'beside', 'below', 'strongRoot', 'belowRoot'] as const satisfies readonly (keyof DirectoryClaims)[];

/** Keeps what marks hold where: rows that come later are judged by it. */
export function writeClaims(database: Database, snapshotId: number, claims: DirectoryClaims, packer: ColumnPacker): void {
  const insert = database.prepare('INSERT INTO claims_elsewhere (snapshot_id, column_name, crc32, data) VALUES (?, ?, ?, ?)');
  for (const name of CLAIMS) {
    const column = claims[name];
    const data = packer.packArray(column, column instanceof Uint8Array ? U8 : U32);
    insert.run(snapshotId, name, crc32(data), data);
  }
}

/** Rules and units for rows of a snapshot that lie elsewhere. */
export function readJudges(
  database: Database,
  snapshotId: number,
  classifier: Classifier,
  cube: PackedCube,
  units: readonly Unit[],
): Judges {
  const { columns, count } = cube.tree;
  const select = database.prepare('SELECT data FROM claims_elsewhere WHERE snapshot_id = ? AND column_name = ?');
  const read = <T extends Uint8Array | Uint32Array>(name: string, into: T): T => {
    const data = select.get(snapshotId, name)?.data;
    if (!(data instanceof Uint8Array)) throw Object.assign(new Error(`the column ${name} is missing`), { code: 'SQLITE_CORRUPT' });
    return unpackNumbers(data, into);
  };
  const pass = new DirectoryClassifier(classifier, [], columns, {
    strong: read('strong', new Uint8Array(count)),
    beside: read('beside', new Uint8Array(count)),
    below: read('below', new Uint8Array(count)),
    strongRoot: read('strongRoot', new Uint32Array(count)),
    belowRoot: read('belowRoot', new Uint32Array(count)),
  });
  const placeOf = (kind: number, directory: number, stem: string): string => `${kind}/${directory}/${stem}`;
  const known = new Map(units.map(({ unit, kind, directory, stem }) => [placeOf(KINDS.indexOf(kind), directory, stem), unit]));
  const sink = { unit: (_: number, kind: number, directory: number, stem: string) => known.get(placeOf(kind, directory, stem)) ?? NO_UNIT };
  return { classifier: pass, units: new UnitPass(pass, columns, sink), asOfMs: cube.asOfMs };
}

/** More rows than this are not kept: the oldest go. */
const MOST_ROWS = 5_000_000;

/** Rows that were fetched for one snapshot, and which places they are all rows of. */
export class FetchedStore {
  private readonly judges: () => Judges;
  private readonly parts: { readonly range: DirectoryRange; readonly onlySeveral: boolean; readonly rows: readonly FetchedRow[] }[] = [];

  constructor(judges: () => Judges) {
    this.judges = judges;
  }

  keep(range: DirectoryRange, onlySeveral: boolean, rows: readonly FetchedRow[]): void {
    this.parts.push({ range, onlySeveral, rows: sortFetched(rows) });
    let total = this.parts.reduce((sum, part) => sum + part.rows.length, 0);
    while (total > MOST_ROWS && this.parts.length > 1) total -= this.parts.shift()?.rows.length ?? 0;
  }

  /** The rows of some directories; null where they have not been fetched. */
  rowsIn(range: DirectoryRange, onlySeveral: boolean): FetchedRows | null {
    const part = this.parts.find(
      (known) => known.range.from <= range.from && range.to <= known.range.to && (onlySeveral || !known.onlySeveral),
    );
    if (!part) return null;
    const rows = part.rows.filter(({ directory }) => range.from <= directory && directory < range.to);
    return new FetchedRows(rows, this.judges());
  }
}

/** Whether the cells know of rows there, so that nothing is fetched for nothing. */
export function hasRows({ cellStart, flags }: PackedCube, { from, to }: DirectoryRange, onlySeveral: boolean): boolean {
  for (let cell = cellStart[from] as number; cell < (cellStart[to] as number); cell++) {
    if (!onlySeveral || ((flags[cell] as number) & MULTI) !== 0) return true;
  }
  return false;
}

export const noRows = (): FetchedRows => new FetchedRows([], NOBODY);
/** No row asks for judges. */
const NOBODY = {} as Judges;
