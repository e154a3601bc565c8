import { type ByteReader, Damaged } from '../damaged.ts';

/** A message of Protocol Buffers, by field number: every value of a field, in order. Numbers are exact below 2^53. */
export type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Reads a message to the end of its bytes (https://protobuf.dev/programming-guides/encoding/). */
export function readMessage(reader: ByteReader): Message {
  const fields = new Map<number, (number | Uint8Array)[]>();
  while (reader.left > 0) {
    const tag = reader.varint();
    const value = readValue(reader, tag % 8);
    const field = Math.floor(tag / 8);
    const values = fields.get(field);
    if (values) values.push(value);
    else fields.set(field, [value]);
  }
  return fields;
}

function readValue(reader: ByteReader, wire: number): number | Uint8Array {
  switch (wire) {
    case 0:
      return reader.varint();
    case 1:
      return reader.f64();
    case 2:
      return reader.take(reader.varint());
    case 5:
      return reader.u32();
    default:
      throw new Damaged('a structure holds a value of an unknown type');
  }
}

/** The last value of a number field; 0 where there is none. */
export function numberIn(message: Message, field: number): number {
  const value = message.get(field)?.at(-1);
  return typeof value === 'number' ? value : 0;
}

export const bytesIn = (message: Message, field: number): readonly Uint8Array[] =>
  (message.get(field) ?? []).filter((value) => value instanceof Uint8Array);
