/** Compares texts as S3 orders keys: by their UTF-8 bytes. UTF-16 units differ from that where one side has a surrogate. */
export function compareKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return ordered(x) - ordered(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for what lies behind U+FFFF. */
const ordered = (unit: number): number => (unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
