/** What a person types before versions are deleted: bucket, versions and bytes, in digits alone. */
export const deletionPhrase = (bucket: string, destroyed: { readonly versions: number; readonly bytes: number }): string =>
  `delete ${destroyed.versions} versions, ${destroyed.bytes} bytes from ${bucket}`;

/** What a person types before rules that delete come back. */
export const rollbackPhrase = (bucket: string, rules: number): string =>
  `restore ${rules} deleting ${rules === 1 ? 'rule' : 'rules'} in ${bucket}`;

/** Two phrases are one whatever space or case they were typed with. */
export const isPhrase = (typed: string | undefined, phrase: string): boolean =>
  typed !== undefined && typed.trim().replaceAll(/\s+/g, ' ').toLowerCase() === phrase.toLowerCase();
