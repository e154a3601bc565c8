import { visibleKey } from './visible-text.ts';

/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as markup: nothing in it can steer the page, and what could not be seen is shown. */
const escaped = (text: string): string => visibleKey(text).replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

type Part = Html | string | number | readonly Part[];

const markupOf = (part: Part): string =>
  part instanceof Html ? part.text : Array.isArray(part) ? part.map(markupOf).join('') : escaped(String(part));

/** A template whose texts are escaped; only what is `Html` already stays markup. */
export const html = (pieces: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(pieces.map((piece, at) => (at === 0 ? piece : `${markupOf(parts[at - 1] as Part)}${piece}`)).join(''));

/** A whole page that loads nothing and runs nothing: it can be mailed, archived and printed. */
export const page = (title: string, style: string, body: Html): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
