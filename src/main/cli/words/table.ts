/** Keys and names are hostile text: what could steer a terminal is shown as an escape. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

/** A text as one argument of a command to be copied. */
export const argument = (text: string): string => {
  const shown = printable(text);
  return /^[\w./:@%+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
};

export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string;
  readonly align?: 'right';
}

/** A plain table: two spaces between columns, figures to the right. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => printable(column.of(row))))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, at) => (columns[at]?.align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** "title  value" lines, with the titles in one column. */
export function facts(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([title]) => title.length));
  return lines.map(([title, value]) => `${title.padEnd(width)}  ${printable(value)}`).join('\n');
}

/** Paragraphs that hold anything, one empty line apart. */
export const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

export const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [title, ...lines.map((line) => `  - ${printable(line)}`)].join('\n');
