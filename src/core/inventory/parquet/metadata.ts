import { decodeUtf8 } from '../../cube/utf8.ts';
import { ByteReader, Damaged, Unsupported } from '../damaged.ts';
import { bytesOf, listOf, numberOf, readThrift, structOf, type ThriftStruct } from './thrift.ts';

/** Physical types (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). */
export const BOOLEAN = 0;
export const INT32 = 1;
export const INT64 = 2;
export const INT96 = 3;
export const FLOAT = 4;
export const DOUBLE = 5;
export const BYTE_ARRAY = 6;
export const FIXED_LEN_BYTE_ARRAY = 7;

/** What the numbers of a column stand for: instants in a unit, days, or themselves. */
export type NumberMeaning = 'plain' | 'unsigned' | 'ms' | 'us' | 'ns' | 'days';

/** A column of the file's outermost level. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: number;
  readonly typeLength: number;
  readonly isOptional: boolean;
  readonly meaning: NumberMeaning;
}

export interface ParquetChunk {
  readonly codec: number;
  readonly values: number;
  /** Where its pages lie in the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface ParquetGroup {
  readonly rows: number;
  /** By column; undefined for columns that are not flat. */
  readonly chunks: readonly (ParquetChunk | undefined)[];
}

export interface ParquetMetadata {
  readonly rows: number;
  /** Flat columns of the file, and null for those that hold lists or structs. */
  readonly columns: readonly (ParquetColumn | null)[];
  readonly nested: readonly string[];
  readonly groups: readonly ParquetGroup[];
}

/** Reads FileMetaData from the footer's bytes. `fileBytes` bounds what it may point at. */
export function readMetadata(footer: Uint8Array, fileBytes: number): ParquetMetadata {
  const file = readThrift(new ByteReader(footer));
  const { columns, leaves, nested } = readSchema(listOf(file, 2) as readonly ThriftStruct[]);
  const rows = whole(numberOf(file, 3));
  const groups = (listOf(file, 4) as readonly ThriftStruct[]).map((group): ParquetGroup => {
    const chunks = listOf(group, 1) as readonly ThriftStruct[];
    if (chunks.length !== leaves.length) throw new Damaged('a row group does not have the columns of its file');
    const flat: (ParquetChunk | undefined)[] = columns.map(() => undefined);
    for (const [leaf, chunk] of chunks.entries()) {
      const column = leaves[leaf] as number;
      if (column >= 0) flat[column] = readChunk(chunk, fileBytes);
    }
    return { rows: whole(numberOf(group, 3)), chunks: flat };
  });
  if (groups.reduce((sum, group) => sum + group.rows, 0) !== rows)
    throw new Damaged('the row groups do not add up to the rows of the file');
  return { rows, columns, nested, groups };
}

const whole = (value: number | undefined): number => {
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) throw new Damaged('a count is missing');
  return value;
};

/** The schema is a tree in pre-order. `leaves`: for each leaf its flat column, -1 where it lies inside another. */
function readSchema(elements: readonly ThriftStruct[]): { columns: (ParquetColumn | null)[]; leaves: number[]; nested: string[] } {
  const columns: (ParquetColumn | null)[] = [];
  const leaves: number[] = [];
  const nested: string[] = [];
  let at = 1;
  const passOver = (depth: number): void => {
    const element = elements[at++];
    if (element === undefined || depth > 100) throw new Damaged('the schema is cut off');
    const children = numberOf(element, 5) ?? 0;
    if (children === 0) leaves.push(-1);
    for (let i = 0; i < children; i++) passOver(depth + 1);
  };
  const root = elements[0];
  if (root === undefined) throw new Damaged('there is no schema');
  const count = numberOf(root, 5) ?? 0;
  for (let i = 0; i < count; i++) {
    const element = elements[at];
    if (element === undefined) throw new Damaged('the schema is cut off');
    const name = bytesOf(element, 4) ?? new Uint8Array(0);
    const text = decodeUtf8(name, 0, name.length);
    const isFlat = (numberOf(element, 5) ?? 0) === 0 && numberOf(element, 3) !== REPEATED;
    if (!isFlat) {
      nested.push(text);
      columns.push(null);
      passOver(0);
      continue;
    }
    at += 1;
    leaves.push(columns.length);
    columns.push({
      name: text,
      type: whole(numberOf(element, 1)),
      typeLength: numberOf(element, 2) ?? 0,
      isOptional: numberOf(element, 3) === OPTIONAL,
      meaning: meaningOf(element),
    });
  }
  return { columns, leaves, nested };
}
const OPTIONAL = 1;
const REPEATED = 2;

/** From the logical type, or the converted type that came before it. */
function meaningOf(element: ThriftStruct): NumberMeaning {
  const logical = structOf(element, 10);
  const instant = logical && structOf(logical, 8);
  const unit = instant && structOf(instant, 2);
  if (unit) return unit.has(1) ? 'ms' : unit.has(2) ? 'us' : 'ns';
  if (logical?.has(6)) return 'days';
  const integer = logical && structOf(logical, 10);
  if (integer) return integer.get(2) === false ? 'unsigned' : 'plain';
  switch (numberOf(element, 6)) {
    case 6:
      return 'days';
    case 9:
      return 'ms';
    case 10:
      return 'us';
    case 11:
    case 12:
    case 13:
    case 14:
      return 'unsigned';
    default:
      return numberOf(element, 1) === INT96 ? 'ns' : 'plain';
  }
}

function readChunk(chunk: ThriftStruct, fileBytes: number): ParquetChunk {
  const facts = structOf(chunk, 3);
  if (chunk.has(1)) throw new Unsupported('a column that lies in another file');
  if (chunk.has(8) || facts === undefined) throw new Unsupported('encrypted columns');
  const data = whole(numberOf(facts, 9));
  const dictionary = numberOf(facts, 11);
  // Some writers leave 0 where there is no dictionary.
  const offset = dictionary === undefined || dictionary <= 0 ? data : Math.min(data, dictionary);
  const bytes = whole(numberOf(facts, 7));
  if (offset + bytes > fileBytes) throw new Damaged('a column goes beyond the end of its file');
  return { codec: whole(numberOf(facts, 4)), values: whole(numberOf(facts, 5)), offset, bytes };
}
