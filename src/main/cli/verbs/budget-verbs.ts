import { BudgetFileSchema, type BudgetReport } from '../../../contract/budget.ts';
import { MINIMUM_SIZES } from '../../../contract/lifecycle.ts';
import type { ParamsIn } from '../../../contract/methods.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { isMailAddress, mailMessage, webhookBody } from '../budget-messages.ts';
import { readJsonFile, writeTextFile } from '../files.ts';
import { given, INDEX_FLAGS, indexOf, OTHER_PRICE_REGION, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { OWNERS_FLAGS, ownersOf } from '../owners-file.ts';
import { usageError } from '../parse.ts';
import { readPolicyFile } from '../policy-file.ts';
import { dayFlag } from '../simulation-flags.ts';
import type { Args, Verb, VerbContext } from '../verb.ts';
import { budgetWords } from '../words/budget-words.ts';

type InForce = Pick<ParamsIn<'budget.check'>, 'current' | 'versioning'>;

/** The rules in force: from a file, from the bucket, or none. */
async function inForce(args: Args, { call, note }: VerbContext): Promise<Result<InForce>> {
  const [file, bucket, said] = [args.text('policy'), args.text('bucket'), args.text('versioning') as InForce['versioning']];
  if (file !== undefined && bucket !== undefined) return err(usageError('Name either --policy FILE or --bucket BUCKET.', 'budget'));
  const versioning = said === undefined ? {} : { versioning: said };
  if (bucket !== undefined) {
    const state = await call('bucket.facts', { bucket, remote: remoteOf(args) });
    if (!state.ok) return state;
    for (const what of state.value.unknown) note(`The bucket does not tell its ${what}.`);
    const { configuration, facts } = state.value;
    const known = facts.versioning === 'unknown' ? {} : { versioning: facts.versioning };
    return ok({ current: { configuration, minimumSize: facts.minimumSize }, ...known, ...versioning });
  }
  if (file === undefined) return ok({ current: null, ...versioning });
  const policy = await readPolicyFile(file);
  if (!policy.ok) return policy;
  const { configuration, minimumSize } = policy.value;
  return ok({ current: { configuration, minimumSize: minimumSize ?? MINIMUM_SIZES[0] }, ...versioning });
}

/** Writes what a scheduler is to send, where it is to be sent at all. */
async function writeMessages(args: Args, report: BudgetReport, { note }: VerbContext): Promise<Result<void>> {
  if (report.alerts.length === 0) {
    if (args.text('webhook-file') !== undefined || args.text('mail-file') !== undefined) note('There is nothing to send.');
    return ok(undefined);
  }
  const [from, to] = [args.text('mail-from') ?? 'isotherm@localhost', (args.text('mail-to') ?? '').split(',').map((one) => one.trim())];
  const texts = [
    [args.text('webhook-file'), () => webhookBody(report)],
    [args.text('mail-file'), () => mailMessage(report, { from, to, writtenAt: new Date().toISOString() })],
  ] as const;
  for (const [file, text] of texts) {
    if (file === undefined) continue;
    const written = await writeTextFile(file, text());
    if (!written.ok) return written;
    note(`Wrote ${file}.`);
  }
  return ok(undefined);
}

const budget: Verb = {
  name: 'budget',
  summary: 'Check budgets: what owners cost this month and next, with the error past forecasts had, and how fast they grow.',
  usage: '--index FILE --budgets FILE [--owners FILE] [--policy FILE|--bucket BUCKET] [--fail-on over|warn|never]',
  methods: ['budget.check'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    budgets: { type: 'text', value: 'FILE', words: 'What owners may cost a month, and everything together.', required: true },
    ...OWNERS_FLAGS,
    policy: { type: 'text', value: 'FILE', words: 'The lifecycle configuration in force, in any spelling; without it no rules are.' },
    bucket: { type: 'text', value: 'BUCKET', words: 'Take the configuration this bucket has now.' },
    versioning: {
      type: 'text',
      value: 'STATE',
      words: 'unversioned, enabled or suspended; as the report suggests unless given.',
      choices: ['unversioned', 'enabled', 'suspended'],
    },
    since: { type: 'text', value: 'DAY', words: 'Since when the configuration is in force; forecasts from before teach nothing.' },
    'fail-on': {
      type: 'text',
      value: 'LEVEL',
      words:
        'Exit with 3 for a budget that is, or would be, exceeded (over), also for warnings and spikes (warn), or never; over unless given.',
      choices: ['over', 'warn', 'never'],
    },
    'webhook-file': { type: 'text', value: 'FILE', words: 'Where there is anything to report, write the body of a webhook call there.' },
    'mail-file': { type: 'text', value: 'FILE', words: 'Where there is anything to report, write a mail message there.' },
    'mail-to': { type: 'text', value: 'ADDRESS,…', words: 'Whom the message is for.' },
    'mail-from': { type: 'text', value: 'ADDRESS', words: 'Whom the message is from.' },
    ...REMOTE_FLAGS,
    ...OTHER_PRICE_REGION,
  },
  run: async (args, context) => {
    const addresses = [args.text('mail-to'), args.text('mail-from')].flatMap((text) => (text === undefined ? [] : text.split(',')));
    const wrong = addresses.find((address) => !isMailAddress(address.trim()));
    if (wrong !== undefined) return err(usageError(`"${wrong}" is no mail address.`, 'budget'));
    if (args.text('mail-file') !== undefined && args.text('mail-to') === undefined)
      return err(usageError('"--mail-file" needs "--mail-to".', 'budget'));
    const since = dayFlag(args, 'since');
    if (!since.ok) return since;
    const budgets = await readJsonFile(args.must('budgets'), BudgetFileSchema, 'file of budgets', 'PolicyInvalid');
    if (!budgets.ok) return budgets;
    const who = await ownersOf(args, context, 'budget');
    if (!who.ok) return who;
    const rules = await inForce(args, context);
    if (!rules.ok) return rules;
    const checked = await context.call('budget.check', {
      ...indexOf(args),
      ...who.value,
      ...rules.value,
      ...given('region', args.text('price-region')),
      ...given('since', since.value),
      budgets: budgets.value,
    });
    if (!checked.ok) return checked;
    const report = checked.value;
    const written = await writeMessages(args, report, context);
    if (!written.ok) return written;
    const level = args.text('fail-on') ?? 'over';
    const isBad = level !== 'never' && report.alerts.some((alert) => level === 'warn' || alert.level === 'over');
    return ok({ json: report, words: () => budgetWords(report), exit: isBad ? 3 : undefined });
  },
};

export const budgetVerbs: readonly Verb[] = [budget];
