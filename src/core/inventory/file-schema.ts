/** How the data files of a report are written. */
export const FILE_FORMATS = ['CSV', 'ORC', 'Parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A column's name as S3 Inventory spells it: "e_tag" is ETag. */
export const inventoryName = (column: string): string =>
  column.toLowerCase().replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const SNAKE = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/** A column as a report's fileSchema names it, and as S3 Inventory does. */
export interface SchemaColumn {
  readonly spelled: string;
  readonly name: string;
}

/**
 * The columns of a manifest's fileSchema in order (s3-domain 1.2): CSV "Bucket, Key", ORC "struct<bucket:string,key:string>",
 * Parquet "message s3.inventory { required binary bucket (UTF8); ... }". null where it is not spelled so.
 */
export function readFileSchema(format: FileFormat, fileSchema: string): SchemaColumn[] | null {
  if (format === 'CSV') return fileSchema.split(',').map((name) => ({ spelled: name.trim(), name: name.trim() }));
  const spelled = format === 'ORC' ? orcNames(fileSchema.trim()) : parquetNames(fileSchema.trim());
  return spelled === null ? null : spelled.map((name) => ({ spelled: name, name: SNAKE.test(name) ? inventoryName(name) : name }));
}

/** Names of the fields of the outermost struct; types may hold commas and colons of their own between brackets. */
function orcNames(schema: string): string[] | null {
  const body = /^struct<(.*)>$/s.exec(schema)?.[1];
  if (body === undefined) return null;
  const names: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= body.length; at++) {
    const character = body[at];
    if (character === '<' || character === '(') depth += 1;
    else if (character === '>' || character === ')') depth -= 1;
    if (depth < 0 || (character !== undefined && (character !== ',' || depth > 0))) continue;
    const name = /^\s*`?([^:`]+)`?\s*:/.exec(body.slice(from, at))?.[1];
    if (name === undefined) return null;
    names.push(name.trim());
    from = at + 1;
  }
  return depth === 0 ? names : null;
}

/** Names of the fields of the message; groups are fields whatever they hold. */
function parquetNames(schema: string): string[] | null {
  const body = /^message\s+\S+\s*\{(.*)\}$/s.exec(schema)?.[1];
  if (body === undefined) return null;
  const names: string[] = [];
  let depth = 0;
  let statement = '';
  for (const character of body) {
    if (character !== ';' && character !== '{' && character !== '}') {
      if (depth === 0) statement += character;
      continue;
    }
    if (character === '}') depth -= 1;
    else if (depth === 0) {
      const found = /^\s*(?:required|optional|repeated)\s+(?:\w+(?:\s*\(\d+\))?)\s+([^\s(=;]+)/i.exec(statement)?.[1];
      if (found === undefined) return null;
      names.push(found);
      statement = '';
    }
    if (character === '{') depth += 1;
    if (depth < 0) return null;
  }
  return depth === 0 && statement.trim() === '' ? names : null;
}
