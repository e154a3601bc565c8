import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';

/** A warning for every storage class a source tells of that is not one of S3's. */
export function unknownClasses(classes: readonly { readonly storageClass: string }[]): string[] {
  const known = new Set<string>(['', ...STORAGE_CLASSES.map(({ name }) => name)]);
  const unknown = new Set(classes.map(({ storageClass }) => storageClass).filter((name) => !known.has(name)));
  return [...unknown].sort().map((name) => `Storage class "${name}" is not known: it keeps its own name and stays unpriced.`);
}
