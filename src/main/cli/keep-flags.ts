import * as v from 'valibot';
import { type KeepPolicy, KeepPolicySchema } from '../../contract/keep.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { usageError } from './parse.ts';
import type { Args, Flags } from './verb.ts';

/** A keep policy on the command line; what is not given is as usual. */
export const KEEP_FLAGS: Flags = {
  last: { type: 'whole', value: 'N', words: 'Keep the last N complete checkpoints of every run; 2 unless given.' },
  best: { type: 'whole', value: 'N', words: 'Keep the N best of every run by --metric; 1 unless given.' },
  'best-of-project': { type: 'whole', value: 'N', words: 'Keep the N best of every project by --metric.' },
  metric: { type: 'text', value: 'NAME:min|max', words: 'What says which is best, such as eval_loss:min.' },
  every: { type: 'whole', value: 'STEPS', words: 'Keep one at every multiple of so many steps.' },
  'grace-days': { type: 'whole', value: 'DAYS', words: 'Keep what was written in so many days; 30 unless given.' },
  'read-days': { type: 'whole', value: 'DAYS', words: 'Keep what was read in so many days; 90 unless given, 0 for not at all.' },
  budget: { type: 'text', value: 'BYTES', words: 'Keep more, evenly, while a run fits into so much, such as 2TiB.' },
  'budget-per': { type: 'text', value: 'run|project', words: 'What --budget is for; a run unless named.', choices: ['run', 'project'] },
  'drop-named': { type: 'switch', words: 'Do not keep what its name alone calls best, last or final.' },
};

const UNITS: Readonly<Record<string, number>> = { B: 1, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40, PIB: 2 ** 50 };

/** "2TiB", "500 GiB" or plain bytes; null where it is none. */
function bytesOf(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]iB|B)?\s*$/i.exec(text);
  if (!found) return null;
  const bytes = Math.round(Number(found[1]) * (UNITS[(found[2] ?? 'B').toUpperCase()] as number));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** The policy the flags spell out; undefined where none was given. */
export function keepPolicyOf(args: Args, verb: string): Result<KeepPolicy | undefined> {
  const numbers = [
    ['last', 'last'],
    ['best', 'best'],
    ['bestOfProject', 'best-of-project'],
    ['everySteps', 'every'],
    ['graceDays', 'grace-days'],
    ['readDays', 'read-days'],
  ] as const;
  const policy: Record<string, unknown> = {};
  for (const [name, flag] of numbers) if (args.whole(flag) !== undefined) policy[name] = args.whole(flag);
  const metric = args.text('metric');
  if (metric !== undefined) {
    const found = /^(.+):(min|max)$/.exec(metric);
    if (!found) return err(usageError(`"--metric" takes NAME:min or NAME:max, not "${metric}".`, verb));
    policy.metric = { name: found[1], mode: found[2] };
  }
  const budget = args.text('budget');
  if (budget !== undefined) {
    const bytes = bytesOf(budget);
    if (bytes === null) return err(usageError(`"--budget" takes bytes such as 2TiB, not "${budget}".`, verb));
    policy.budgetBytes = bytes;
  }
  if (args.text('budget-per') !== undefined) policy.budgetPer = args.text('budget-per');
  if (args.has('drop-named')) policy.named = false;
  if (Object.keys(policy).length === 0) return ok(undefined);
  const parsed = v.safeParse(KeepPolicySchema, policy);
  return parsed.success ? ok(parsed.output) : err(usageError(`This is no keep policy: ${parsed.issues[0].message}.`, verb));
}
