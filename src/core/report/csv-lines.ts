/** The lines of a small CSV text (RFC 4180): quoted fields may hold commas, line breaks and doubled quotes. A last empty line is none. */
export function* csvLines(text: string): Generator<string[]> {
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let hasAny = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    hasAny = true;
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && field === '') isQuoted = true;
    else if (letter === ',') {
      fields.push(field);
      field = '';
    } else if (letter === '\n') {
      fields.push(field.endsWith('\r') ? field.slice(0, -1) : field);
      yield fields;
      fields = [];
      field = '';
      hasAny = false;
    } else field += letter;
  }
  if (hasAny) yield [...fields, field];
}
