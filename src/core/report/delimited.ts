/** What a spreadsheet would take for a formula at the beginning of a cell (https://owasp.org/www-community/attacks/CSV_Injection). */
const FORMULA_START = /^[=+\-@\t\r]/;
/** Characters that would end a cell or a line. */
const NEEDS_QUOTES = /[",\r\n\t]/;

/** A number of more digits than a float holds, as decimal text. */
export interface Decimal {
  readonly decimal: string;
}
type Value = string | number | Decimal;

/** A text as one cell: never a formula, whatever a key begins with. Numbers stay numbers. */
function cell(value: Value): string {
  if (typeof value === 'object') return value.decimal;
  if (typeof value === 'number') return String(value);
  return FORMULA_START.test(value) ? `'${value}` : value;
}

/** One line of comma-separated values (RFC 4180). */
export function csvLine(values: readonly Value[]): string {
  return `${values
    .map(cell)
    .map((text) => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(',')}\r\n`;
}

/** One line of tab-separated values, for the clipboard: tabs and line ends within become spaces. */
export const tsvLine = (values: readonly Value[]): string => `${values.map((value) => cell(value).replace(/[\t\r\n]/g, ' ')).join('\t')}\n`;
