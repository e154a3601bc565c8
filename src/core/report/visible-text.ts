/** Characters that would hide, reorder or break a line of text: C0 and C1 controls, bidi controls, zero-width, lone surrogates. */
const UNSEEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

/** A key as it can be shown: every unseen character becomes its code point in angle quotes, ‹0000›. Nothing else is changed. */
export function visibleKey(text: string): string {
  return text.replace(UNSEEN, (character) => `‹${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`);
}
