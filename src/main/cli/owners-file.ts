import { type OwnersFile, OwnersFileSchema } from '../../contract/owners.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { readJsonFile } from './files.ts';
import { remoteOf } from './flags.ts';
import { usageError } from './parse.ts';
import type { Args, Flags, VerbContext } from './verb.ts';

/** Owners from files and flags alone. */
export const OWNERS_SAID: Flags = {
  owners: {
    type: 'text',
    value: 'FILE',
    words: 'Who owns what: prefixes and tags of the bucket to team, project, environment, cost centre.',
  },
  'bucket-tag': { type: 'text', value: 'KEY=VALUE,…', words: 'The tags of the bucket.' },
};

export const OWNERS_FLAGS: Flags = {
  ...OWNERS_SAID,
  'tags-of': { type: 'text', value: 'BUCKET', words: 'Read the tags of this bucket from S3.' },
};

const NOBODY: OwnersFile = { format: 'isotherm-owners/1', rules: [], bucketTags: {}, unowned: 'leave' };

/** Who owns what, and the tags of the bucket: from files and flags, or from the bucket. */
export async function ownersOf(
  args: Args,
  { call }: VerbContext,
  verb: string,
): Promise<Result<{ file: OwnersFile; bucketTags: Record<string, string> }>> {
  const path = args.text('owners');
  const file = path === undefined ? ok(NOBODY) : await readJsonFile(path, OwnersFileSchema, 'file of owners', 'PolicyInvalid');
  if (!file.ok) return file;
  const said = args.text('bucket-tag');
  const bucket = args.text('tags-of');
  if (bucket !== undefined) {
    const tags = await call('bucket.tags', { bucket, remote: remoteOf(args) });
    return tags.ok ? ok({ file: file.value, bucketTags: tags.value }) : tags;
  }
  const pairs = said === undefined || said === '' ? [] : said.split(',').map((pair) => /^([^=]+)=(.*)$/s.exec(pair));
  if (pairs.includes(null)) return err(usageError('"--bucket-tag" takes KEY=VALUE pairs, separated by commas.', verb));
  return ok({ file: file.value, bucketTags: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])) });
}
