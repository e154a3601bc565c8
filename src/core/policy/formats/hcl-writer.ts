import { isObject, type Json } from './document.ts';

const NAMES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A quoted string that Terraform reads back as the same text: no template can begin in it. */
export function hclString(text: string): string {
  let quoted = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isPlain = code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code < 0xa0);
    quoted += NAMES[character] ?? (isPlain ? character : `\\u${code.toString(16).padStart(4, '0')}`);
  }
  return `"${quoted.replaceAll(/[$%](?=\{)/g, '$&$&')}"`;
}

const scalar = (value: unknown): string => (typeof value === 'string' ? hclString(value) : String(value));

/** A map argument such as `tags = { "k" = "v" }`, keys always quoted. */
const map = (value: Json): string =>
  `{ ${Object.entries(value)
    .map(([key, one]) => `${hclString(key)} = ${scalar(one)}`)
    .join(', ')} }`;

/** The body of a block, arguments first as `terraform fmt` lines them up: lists are repeated blocks, objects in `maps` are arguments. */
export function hclBody(body: Json, indent: string, maps: ReadonlySet<string>): string {
  const entries = Object.entries(body).filter(([, value]) => value !== undefined);
  const plain = entries.filter(([name, value]) => !Array.isArray(value) && (!isObject(value) || maps.has(name)));
  const width = Math.max(0, ...plain.map(([name]) => name.length));
  const lines = plain.map(([name, value]) => `${indent}${name.padEnd(width)} = ${isObject(value) ? map(value) : scalar(value)}`);
  for (const [name, value] of entries) {
    if (!Array.isArray(value)) continue;
    for (const one of value as Json[]) {
      const inner = hclBody(one, `${indent}  `, maps);
      if (lines.length > 0) lines.push('');
      lines.push(inner === '' ? `${indent}${name} {}` : `${indent}${name} {\n${inner}\n${indent}}`);
    }
  }
  return lines.join('\n');
}
