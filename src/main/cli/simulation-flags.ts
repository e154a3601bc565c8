import { MINIMUM_SIZES } from '../../contract/lifecycle.ts';
import type { ParamsIn } from '../../contract/methods.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { READS } from '../../contract/simulation.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from './flags.ts';
import { usageError } from './parse.ts';
import { readPolicyFile } from './policy-file.ts';
import type { Args, Flags } from './verb.ts';

/** What every question to the lifecycle engine can be told. */
export const SIMULATION_FLAGS: Flags = {
  ...INDEX_FLAGS,
  policy: { type: 'text', value: 'FILE', words: 'The lifecycle configuration: JSON, XML, Terraform or CloudFormation.', required: true },
  current: { type: 'text', value: 'FILE', words: 'The configuration the bucket has now; the baseline has no rules without it.' },
  'as-of': { type: 'text', value: 'DAY', words: 'The day the configuration is put; the day of the snapshot unless given.' },
  ...PRICE_REGION,
  versioning: {
    type: 'text',
    value: 'STATE',
    words: 'unversioned, enabled or suspended; as the report suggests unless given.',
    choices: ['unversioned', 'enabled', 'suspended'],
  },
  'minimum-size': {
    type: 'text',
    value: 'SETTING',
    words: `The setting for small objects: ${MINIMUM_SIZES.join(', ')} or none; as the policy says unless given.`,
    choices: [...MINIMUM_SIZES, 'none'],
  },
  'lag-days': { type: 'whole', value: 'N', words: 'How many days late S3 acts; 0 unless given.' },
  reads: {
    type: 'text',
    value: 'SHARE',
    words: 'What is read back a month: none, observed, 5 or 20 percent of the bytes.',
    choices: READS,
  },
  inflow: { type: 'text', value: 'HOW', words: 'none, or observed: new data comes as it came lately.', choices: ['none', 'observed'] },
  'exclude-unpriced': { type: 'switch', words: 'Leave out of both sides what has no price, instead of refusing.' },
  discount: { type: 'text', value: 'PERCENT', words: 'Negotiated discount on every charge, such as 12.5.' },
  'already-stored': {
    type: 'text',
    value: 'LIST',
    words: 'What the account stores besides, for volume prices, such as STANDARD=60TB,INTELLIGENT_TIERING/FREQUENT=0.',
  },
  engine: {
    type: 'text',
    value: 'ENGINE',
    words: 'cube, or oracle: the slow one that follows every version day by day.',
    choices: ['cube', 'oracle'],
  },
};

type Told = Omit<ParamsIn<'policy.simulate'>, 'months'>;

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40, PB: 2 ** 50 };

/** "STANDARD=60TB" -> bytes by billing key; S3's GB are 2^30 bytes. */
function alreadyStored(text: string): Record<string, number> | null {
  const stored: Record<string, number> = {};
  for (const part of text.split(',')) {
    const found = /^([A-Z_]+(?:\/[A-Z_]+)?)=(\d+(?:\.\d+)?)\s*([KMGTP]?i?B)?$/.exec(part.trim());
    const [, key, number, unit = 'B'] = found ?? [];
    const bytes = Number(number) * (UNITS[unit.replace('i', '')] ?? Number.NaN);
    if (key === undefined || !Number.isSafeInteger(bytes)) return null;
    stored[key] = bytes;
  }
  return stored;
}

function asOfOf(text: string | undefined): string | undefined | null {
  if (text === undefined) return undefined;
  const day = text.slice(0, 10);
  return /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
    ? day
    : null;
}

/** Reads a day such as 2026-11-22, or an instant of it; undefined where none was given. */
export function dayFlag(args: Args, flag: string): Result<string | undefined> {
  const day = asOfOf(args.text(flag));
  return day === null ? err(usageError(`"--${flag}" takes a day such as 2026-11-22, not "${args.text(flag)}".`)) : ok(day);
}

/** The parameters that all questions share, files read. */
export async function toldOf(args: Args): Promise<Result<Told>> {
  const policy = await readPolicyFile(args.must('policy'));
  if (!policy.ok) return policy;
  const currentFile = args.text('current');
  const current = currentFile === undefined ? undefined : await readPolicyFile(currentFile);
  if (current && !current.ok) return current;
  const asOf = dayFlag(args, 'as-of');
  if (!asOf.ok) return asOf;
  const listed = args.text('already-stored');
  const stored = listed === undefined ? undefined : alreadyStored(listed);
  if (stored === null) return err(usageError(`"--already-stored" takes a list such as STANDARD=60TB, not "${listed}".`));
  const discount = args.text('discount');
  if (discount !== undefined && !/^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/.test(discount)) {
    return err(usageError(`"--discount" takes a percentage such as 12.5, not "${discount}".`));
  }
  const named = args.text('minimum-size');
  const minimumSize = named === 'none' ? null : (MINIMUM_SIZES.find((one) => one === named) ?? policy.value.minimumSize ?? undefined);
  return ok({
    ...indexOf(args),
    policy: policy.value.configuration,
    ...given('region', args.text('region')),
    ...(current === undefined ? {} : { current: { ...current.value, minimumSize: current.value.minimumSize ?? MINIMUM_SIZES[0] } }),
    ...(minimumSize === undefined ? {} : { minimumSize }),
    ...given('asOf', asOf.value),
    ...(given('versioning', args.text('versioning')) as Pick<Told, 'versioning'>),
    lagDays: args.whole('lag-days') ?? 0,
    reads: (args.text('reads') ?? 'none') as (typeof READS)[number],
    inflow: args.text('inflow') === 'observed' ? 'observed' : 'none',
    excludeUnpriced: args.has('exclude-unpriced'),
    ...given('discountPercent', discount),
    ...(stored === undefined ? {} : { alreadyStored: stored }),
    engine: args.text('engine') === 'oracle' ? 'oracle' : 'cube',
  });
}
