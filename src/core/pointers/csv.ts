/** A CSV text (RFC 4180) as records by the names of its first line. Quotes may hold line breaks; short lines have blanks. */
export function csvRecords(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  let wasQuoted = false;
  const endField = (): void => {
    row.push(field);
    field = '';
    wasQuoted = false;
  };
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  for (let at = 0; at < body.length; at++) {
    const character = body[at] as string;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (body[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field === '' && !wasQuoted) {
      isQuoted = true;
      wasQuoted = true;
    } else if (character === ',') endField();
    else if (character === '\n') {
      endField();
      rows.push(row);
      row = [];
    } else if (character !== '\r') field += character;
  }
  if (field !== '' || row.length > 0) {
    endField();
    rows.push(row);
  }
  const [names = [], ...records] = rows.filter((one) => one.some((value) => value !== ''));
  return records.map((record) => Object.fromEntries(names.map((name, at) => [name, record[at] ?? ''])));
}
