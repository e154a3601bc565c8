/** A rule's words without its prefix, for places where the prefix stands right beside them. */
export const withoutPlace = (words: string, prefix: string): string => (prefix === '' ? words : words.replace(` under ${prefix}`, ''));
