const MAX_LENGTH = 200;

/** FNV-1a over UTF-16 units, 32 bits, hex: tells apart what shortening made alike. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * A stable rule ID of printable ASCII, below S3's 255 characters. A plain name stays readable; any other is
 * made plain and carries "~" and a fingerprint, a character no plain name has.
 */
export function ruleId(base: string, name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._/=-]/g, '-');
  if (plain === name && name !== '' && name.length <= MAX_LENGTH - base.length) return `${base}/${name}`;
  const reversed = [...name].reverse().join('');
  return `${base}/${plain.slice(0, MAX_LENGTH - base.length)}~${fingerprint(name)}${fingerprint(reversed)}`;
}
