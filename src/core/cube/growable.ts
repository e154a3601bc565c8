type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** A copy of at least `needed` entries, or the column itself where it is long enough. Doubles, so that appending stays linear. */
export function grown<T extends Column>(column: T, needed: number): T {
  if (column.length >= needed) return column;
  const length = Math.max(needed, column.length * 2, 64);
  const Make = column.constructor as new (length: number) => T;
  const larger = new Make(length);
  larger.set(column as never);
  return larger;
}
