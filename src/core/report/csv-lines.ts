/**
 * Takes a CSV text apart (RFC 4180) as it comes: quoted fields may hold commas, line breaks and doubled quotes. A last empty line is
 * none.
 */
export class CsvParser {
  private fields: string[] = [];
  private field = '';
  private isQuoted = false;
  /** A quote within quotes: the end of the field, or the first of two. */
  private isEnding = false;
  private hasAny = false;

  /** The lines that end within a piece of the text. */
  *push(text: string): Generator<string[]> {
    for (const letter of text) {
      this.hasAny = true;
      if (this.isEnding) {
        this.isEnding = false;
        if (letter === '"') {
          this.field += letter;
          continue;
        }
        this.isQuoted = false;
      }
      if (this.isQuoted) {
        if (letter === '"') this.isEnding = true;
        else this.field += letter;
      } else if (letter === '"' && this.field === '') this.isQuoted = true;
      else if (letter === ',') this.endField(this.field);
      else if (letter === '\n') {
        this.endField(this.field.endsWith('\r') ? this.field.slice(0, -1) : this.field);
        yield this.fields;
        this.fields = [];
        this.hasAny = false;
      } else this.field += letter;
    }
  }

  /** The last line, where nothing ended it. */
  *end(): Generator<string[]> {
    if (!this.hasAny) return;
    this.endField(this.field);
    yield this.fields;
  }

  private endField(field: string): void {
    this.fields.push(field);
    this.field = '';
  }
}

/** The lines of a small CSV text. */
export function* csvLines(text: string): Generator<string[]> {
  const parser = new CsvParser();
  yield* parser.push(text);
  yield* parser.end();
}
