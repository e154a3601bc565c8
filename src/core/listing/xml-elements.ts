/** What an XML document is made of, as far as S3's answers need it. Positions are into the document's bytes. */
export interface XmlVisitor {
  /** An element begins; `depth` is 1 for the root. The name comes without a namespace prefix. */
  open(nameStart: number, nameEnd: number, depth: number): void;
  /** The innermost element ends; its text lies at [textStart, textEnd), empty where it has elements inside. */
  close(depth: number, textStart: number, textEnd: number): void;
}

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const COLON = 0x3a;
const MAX_DEPTH = 16;

/**
 * Walks over a document: elements, texts, comments and declarations passed over. False where it is not well-formed as far as
 * this can tell: not closed (an answer cut off), too deep, or with text that is marked up otherwise. Nothing is copied.
 */
export function walkXml(bytes: Uint8Array, visitor: XmlVisitor): boolean {
  const end = bytes.length;
  let depth = 0;
  let roots = 0;
  let textStart = 0;
  /** Whether the innermost open element is still without children. */
  let isLeaf = false;
  for (let at = next(bytes, 0, LT); at < end; at = next(bytes, at, LT)) {
    const mark = bytes[at + 1];
    if (mark === QUESTION || mark === BANG) {
      const stop = passOver(bytes, at);
      // Text in a CDATA section, which S3 never writes, would be lost in silence.
      if (stop < 0) return false;
      at = stop;
      continue;
    }
    const stop = next(bytes, at, GT);
    if (stop >= end) return false;
    if (mark === SLASH) {
      if (depth === 0) return false;
      visitor.close(depth, isLeaf ? textStart : at, at);
      depth--;
      isLeaf = false;
    } else {
      if (depth === 0 && ++roots > 1) return false;
      if (++depth > MAX_DEPTH) return false;
      let nameStart = at + 1;
      let nameEnd = nameStart;
      while (nameEnd < stop && bytes[nameEnd]! > 0x20 && bytes[nameEnd] !== SLASH) {
        if (bytes[nameEnd] === COLON) nameStart = nameEnd + 1;
        nameEnd++;
      }
      if (nameStart === nameEnd) return false;
      visitor.open(nameStart, nameEnd, depth);
      textStart = stop + 1;
      isLeaf = true;
      if (bytes[stop - 1] === SLASH) {
        visitor.close(depth, textStart, textStart);
        depth--;
        isLeaf = false;
      }
    }
    at = stop + 1;
  }
  return depth === 0 && roots === 1;
}

/** Distances are short: a loop beats a call of indexOf. */
function next(bytes: Uint8Array, from: number, byte: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== byte) at++;
  return at;
}

/** The end of a declaration or comment that begins at `at`; -1 for anything else or where it does not end. */
function passOver(bytes: Uint8Array, at: number): number {
  const isComment = bytes[at + 2] === 0x2d && bytes[at + 3] === 0x2d;
  if (bytes[at + 1] === BANG && !isComment) return -1;
  const [before, twice] = isComment ? [0x2d, true] : [QUESTION, false];
  for (let stop = next(bytes, at + 2, GT); stop < bytes.length; stop = next(bytes, stop + 1, GT)) {
    if (bytes[stop - 1] === before && (!twice || (bytes[stop - 2] === before && stop - at >= 6))) return stop + 1;
  }
  return -1;
}
