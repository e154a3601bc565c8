/** One element; `text` is its character data, entities resolved. Prefixes of namespaces are dropped, attributes are not kept. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export interface XmlDocument {
  readonly root: XmlElement;
  readonly comments: readonly string[];
}

/** Why a text is not the small XML S3 speaks, with the 1-based line. */
export class XmlFault extends Error {
  readonly row: number;
  constructor(message: string, row: number) {
    super(message);
    this.row = row;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const MOST_DEPTH = 32;

/** https://www.w3.org/TR/xml/#charsets */
const isXmlCharacter = (code: number): boolean =>
  code === 0x9 || code === 0xa || code === 0xd || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;

/**
 * Reads a document of elements and text: no document type, no entities but the five of XML and character references,
 * so nothing in it can grow or reach outside. Throws XmlFault.
 */
export function parseXml(source: string): XmlDocument {
  return new XmlReader(source).document();
}

class XmlReader {
  private readonly source: string;
  private at = 0;
  private readonly comments: string[] = [];
  constructor(source: string) {
    this.source = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  }

  document(): XmlDocument {
    this.betweenElements();
    if (!this.source.startsWith('<', this.at)) throw this.fault('there is no element');
    const root = this.element(0);
    this.betweenElements();
    if (this.at < this.source.length) throw this.fault('something follows the root element');
    return { root, comments: this.comments };
  }

  private fault(message: string): XmlFault {
    return new XmlFault(message, this.source.slice(0, this.at).split('\n').length);
  }

  /** Skips white space, comments, and instructions such as the XML declaration. */
  private betweenElements(): void {
    for (;;) {
      while (/\s/.test(this.source[this.at] ?? '')) this.at += 1;
      if (this.source.startsWith('<!--', this.at)) this.comment();
      else if (this.source.startsWith('<?', this.at)) this.upTo('?>', 'an instruction is not closed');
      else return;
    }
  }

  private comment(): void {
    this.at += 4;
    this.comments.push(this.upTo('-->', 'a comment is not closed').trim());
  }

  private upTo(end: string, unclosed: string): string {
    const found = this.source.indexOf(end, this.at);
    if (found < 0) throw this.fault(unclosed);
    const part = this.source.slice(this.at, found);
    this.at = found + end.length;
    return part;
  }

  private element(depth: number): XmlElement {
    if (depth > MOST_DEPTH) throw this.fault('elements lie too deep in each other');
    const open = /^<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/.exec(
      this.source.slice(this.at, this.at + 4096),
    );
    const name = open?.[2];
    if (open === null || name === undefined) {
      const isType = this.source.startsWith('<!', this.at);
      throw this.fault(isType ? 'a document type is not taken' : 'a tag is not well formed');
    }
    this.at += open[0].length;
    if (open[4] === '/') return { name, children: [], text: '' };
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      const next = this.source.indexOf('<', this.at);
      if (next < 0) throw this.fault(`<${name}> is not closed`);
      text += this.resolved(this.source.slice(this.at, next));
      this.at = next;
      if (this.source.startsWith('<!--', next)) this.comment();
      else if (this.source.startsWith('<![CDATA[', next)) {
        this.at += 9;
        text += this.upTo(']]>', 'a CDATA section is not closed');
      } else if (this.source.startsWith('</', next)) {
        const close = /^<\/(?:[\w.-]+:)?([\w.-]+)\s*>/.exec(this.source.slice(next, next + 4096));
        if (close?.[1] !== name) throw this.fault(`<${name}> is not closed`);
        this.at += close[0].length;
        return { name, children, text };
      } else children.push(this.element(depth + 1));
    }
  }

  private resolved(raw: string): string {
    return raw.replaceAll(/\r\n?/g, '\n').replaceAll(/&([^;&\s]{0,10});?/g, (whole, name: string) => {
      const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
      const point = code === null ? Number.NaN : Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16);
      const value = whole.endsWith(';')
        ? (ENTITIES[name] ?? (isXmlCharacter(point) && point <= 0x10ffff ? String.fromCodePoint(point) : undefined))
        : undefined;
      if (value === undefined) throw this.fault(`"${whole}" is not an entity of XML`);
      return value;
    });
  }
}

/** Character data: white space that a parser would change is written as a reference. Undefined where XML has no way to write the text. */
export function escapeXml(text: string): string | undefined {
  let escaped = '';
  for (const character of text) {
    if (!isXmlCharacter(character.codePointAt(0) ?? 0)) return undefined;
    escaped +=
      character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '\r' ? '&#13;' : character;
  }
  return escaped;
}
