import { type ByteReader, Damaged } from '../damaged.ts';

/** A struct in Thrift's compact protocol, by field id; what a field holds follows from its id. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = boolean | number | Uint8Array | ThriftStruct | readonly ThriftValue[];

const MOST_DEPTH = 32;

/**
 * Reads one struct (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Numbers are exact below
 * 2^53. Damaged where the bytes are none.
 */
export function readThrift(reader: ByteReader, depth = 0): ThriftStruct {
  if (depth > MOST_DEPTH) throw new Damaged('structures lie too deep in each other');
  const fields = new Map<number, ThriftValue>();
  let id = 0;
  for (;;) {
    const head = reader.u8();
    if (head === 0) return fields;
    const type = head & 15;
    id = head >> 4 === 0 ? reader.zigzag() : id + (head >> 4);
    fields.set(id, readValue(reader, type, depth, false));
  }
}

function readValue(reader: ByteReader, type: number, depth: number, isInList: boolean): ThriftValue {
  switch (type) {
    case 1:
    case 2:
      // In a list a boolean is a byte of its own; in a struct its type is its value.
      return isInList ? reader.u8() === 1 : type === 1;
    case 3:
      return (reader.u8() << 24) >> 24;
    case 4:
    case 5:
    case 6:
      return reader.zigzag();
    case 7:
      return reader.f64();
    case 8:
      return reader.take(reader.varint());
    case 9:
    case 10:
      return readList(reader, depth);
    case 12:
      return readThrift(reader, depth + 1);
    default:
      // Maps are in none of Parquet's structures.
      throw new Damaged('a structure holds a value of an unknown type');
  }
}

function readList(reader: ByteReader, depth: number): readonly ThriftValue[] {
  if (depth > MOST_DEPTH) throw new Damaged('structures lie too deep in each other');
  const head = reader.u8();
  const count = head >> 4 === 15 ? reader.varint() : head >> 4;
  // Every entry takes a byte at least.
  if (count > reader.left) throw new Damaged('a list is longer than its file');
  return Array.from({ length: count }, () => readValue(reader, head & 15, depth + 1, true));
}

export const numberOf = (fields: ThriftStruct, id: number): number | undefined => {
  const value = fields.get(id);
  return typeof value === 'number' ? value : undefined;
};
export const structOf = (fields: ThriftStruct, id: number): ThriftStruct | undefined => {
  const value = fields.get(id);
  return value instanceof Map ? value : undefined;
};
export const listOf = (fields: ThriftStruct, id: number): readonly ThriftValue[] => {
  const value = fields.get(id);
  return Array.isArray(value) ? value : [];
};
export const bytesOf = (fields: ThriftStruct, id: number): Uint8Array | undefined => {
  const value = fields.get(id);
  return value instanceof Uint8Array ? value : undefined;
};
