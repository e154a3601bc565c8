import { appError } from '../../../contract/errors.ts';
import { MINIMUM_SIZES } from '../../../contract/lifecycle.ts';
import type { ParamsIn } from '../../../contract/methods.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, OTHER_PRICE_REGION } from '../flags.ts';
import { usageError } from '../parse.ts';
import { readPolicyFile } from '../policy-file.ts';
import { dayFlag } from '../simulation-flags.ts';
import type { Args, Verb, VerbContext } from '../verb.ts';
import { promiseWords } from '../words/promise-words.ts';

type Promised = Pick<ParamsIn<'promise.check'>, 'configuration' | 'minimumSize' | 'putOn'>;

/** What was put and when: by the journal of this machine, or as a file says. `at`: the instant, where it is known. */
async function promisedBy(args: Args, { call }: VerbContext): Promise<Result<Promised & { readonly at?: string }>> {
  const [file, id] = [args.text('policy'), args.text('journal')];
  if ((file === undefined) === (id === undefined)) return err(usageError('Name either --policy FILE or --journal ID.', 'promise'));
  const putOn = dayFlag(args, 'put-on');
  if (!putOn.ok) return putOn;
  if (id !== undefined) {
    const listed = await call('journal.list', {});
    if (!listed.ok) return listed;
    const entry = listed.value.find(({ journalId }) => journalId === id);
    if (entry === undefined) return err(appError('JournalEntryNotFound', `There is no entry "${id}" in the journal.`));
    const { configuration, minimumSize } = entry.after;
    return ok({ configuration, minimumSize, putOn: putOn.value ?? entry.at.slice(0, 10), at: entry.at });
  }
  const policy = await readPolicyFile(file as string);
  if (!policy.ok) return policy;
  const { configuration, minimumSize } = policy.value;
  return ok({
    configuration,
    minimumSize: minimumSize ?? MINIMUM_SIZES[0],
    ...(putOn.value === undefined ? {} : { putOn: putOn.value, at: `${putOn.value}T23:59:59.999Z` }),
  });
}

/** The snapshot the forecast is from: the newest one of the bucket from before it was put, of the same kind as the later one. */
async function snapshotBefore(args: Args, { call }: VerbContext, at: string | undefined): Promise<Result<string>> {
  const named = args.text('from');
  if (named !== undefined) return ok(named);
  const listed = await call('index.snapshots', { index: args.must('index') });
  if (!listed.ok) return listed;
  const id = args.text('snapshot');
  const to = id === undefined ? listed.value[0] : listed.value.find(({ snapshotId }) => snapshotId === id);
  const limit = at ?? to?.asOf ?? '';
  const before = listed.value.filter(
    ({ bucket, asOf, prefix, allVersions }) =>
      to !== undefined && bucket === to.bucket && asOf < to.asOf && asOf <= limit && prefix === to.prefix && allVersions === to.allVersions,
  );
  const newest = before.sort((a, b) => (a.asOf < b.asOf ? 1 : -1))[0];
  if (newest !== undefined) return ok(newest.snapshotId);
  return err(
    appError('SnapshotNotFound', 'The index has no snapshot from before the configuration was put.', {
      next: 'Name one with --from, or the day it was put with --put-on.',
    }),
  );
}

const promise: Verb = {
  name: 'promise',
  summary: 'Say whether a configuration did what was forecast of it: by rule, what was moved and removed, and what it saves.',
  usage: '--index FILE --journal ID|--policy FILE [--put-on DAY] [--from SNAPSHOT] [--snapshot SNAPSHOT]',
  methods: ['promise.check'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    journal: { type: 'text', value: 'ID', words: 'The journal entry that put it.' },
    policy: { type: 'text', value: 'FILE', words: 'The configuration that was put, in any spelling.' },
    from: { type: 'text', value: 'ID', words: 'The snapshot the forecast is from; the newest from before it was put unless named.' },
    'put-on': { type: 'text', value: 'DAY', words: 'The day it was put; by the journal, else the day of the earlier snapshot.' },
    'grace-days': { type: 'whole', value: 'N', words: 'How many days S3 may take; 2 unless given.' },
    versioning: {
      type: 'text',
      value: 'STATE',
      words: 'unversioned, enabled or suspended; as the report suggests unless given.',
      choices: ['unversioned', 'enabled', 'suspended'],
    },
    ...OTHER_PRICE_REGION,
  },
  run: async (args, context) => {
    const promised = await promisedBy(args, context);
    if (!promised.ok) return promised;
    const { at, ...put } = promised.value;
    const from = await snapshotBefore(args, context, at);
    if (!from.ok) return from;
    const graceDays = args.whole('grace-days');
    const checked = await context.call('promise.check', {
      index: args.must('index'),
      from: from.value,
      ...given('to', args.text('snapshot')),
      ...put,
      ...given('region', args.text('price-region')),
      ...(given('versioning', args.text('versioning')) as Pick<ParamsIn<'promise.check'>, 'versioning'>),
      ...(graceDays === undefined ? {} : { graceDays }),
    });
    if (!checked.ok) return checked;
    return ok({ json: checked.value, words: () => promiseWords(checked.value), exit: checked.value.isKept ? undefined : 3 });
  },
};

export const promiseVerbs: readonly Verb[] = [promise];
