import type { KeepPolicy } from '../../../contract/keep.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { UNIT_SORTS, type UnitSettings, type UnitSettingsChange } from '../../../contract/unit-views.ts';
import { KINDS, type Kind } from '../../../contract/vocabulary.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import { KEEP_FLAGS, keepPolicyOf } from '../keep-flags.ts';
import { usageError } from '../parse.ts';
import type { Args, Flags, Verb } from '../verb.ts';
import { boardWords } from '../words/board-words.ts';
import { explanationWords, groupsWords, settingsWords, unitsWords } from '../words/unit-words.ts';

const LIST_FLAGS: Flags = {
  ...INDEX_FLAGS,
  kind: { type: 'text', value: 'KIND', words: `Only this kind: ${KINDS.join(', ')}.`, choices: KINDS },
  prefix: { type: 'text', value: 'PREFIX', words: 'Only what lies below this prefix.' },
  sort: { type: 'text', value: 'KEY', words: `One of ${UNIT_SORTS.join(', ')}; bytes unless named.`, choices: UNIT_SORTS },
  ascending: { type: 'switch', words: 'Smallest first.' },
  offset: { type: 'whole', value: 'N', words: 'How many to skip.' },
  limit: { type: 'whole', value: 'N', words: 'How many to list, at most 1000; 50 unless given.' },
  ...KEEP_FLAGS,
  ...PRICE_REGION,
};

function listOf(args: Args, verb: string): Result<{ readonly query: object; readonly policy: KeepPolicy | undefined }> {
  const policy = keepPolicyOf(args, verb);
  if (!policy.ok) return policy;
  const offset = args.whole('offset');
  const query = {
    ...indexOf(args),
    sort: (args.text('sort') ?? 'bytes') as (typeof UNIT_SORTS)[number],
    descending: !args.has('ascending'),
    limit: args.whole('limit') ?? 50,
    ...(offset === undefined ? {} : { offset }),
    ...given('prefix', args.text('prefix')),
    ...given('region', args.text('region')),
    ...(policy.value === undefined ? {} : { policy: policy.value }),
  };
  return ok({ query, policy: policy.value });
}

const units: Verb = {
  name: 'units',
  summary: 'List what is kept or deleted whole: checkpoints, dataset versions, runs, log days.',
  usage: '--index FILE [--kind KIND] [--group ID] [--prefix PREFIX] [keep policy]',
  methods: ['units.list'],
  positionals: 0,
  flags: { ...LIST_FLAGS, group: { type: 'whole', value: 'ID', words: 'Only the units of this group, as "isotherm runs" numbers them.' } },
  run: async (args, { call }) => {
    const list = listOf(args, 'units');
    if (!list.ok) return list;
    const kind = args.text('kind') as Kind | undefined;
    const groupId = args.whole('group');
    const result = await call('units.list', {
      ...(list.value.query as ReturnType<typeof indexOf>),
      ...(kind === undefined ? {} : { kinds: [kind] }),
      ...(groupId === undefined ? {} : { groupId }),
    });
    return result.ok ? ok({ json: result.value, words: () => unitsWords(result.value) }) : result;
  },
};

const runs: Verb = {
  name: 'runs',
  summary: 'List runs with their checkpoints, and what a keep policy would make of them; or datasets, experiments, services.',
  usage: '--index FILE [--kind KIND] [--prefix PREFIX] [keep policy]',
  methods: ['units.groups'],
  positionals: 0,
  flags: LIST_FLAGS,
  run: async (args, { call }) => {
    const list = listOf(args, 'runs');
    if (!list.ok) return list;
    const kind = args.text('kind') as Kind | undefined;
    const result = await call('units.groups', {
      ...(list.value.query as ReturnType<typeof indexOf>),
      ...(kind === undefined ? {} : { kinds: [kind] }),
    });
    return result.ok ? ok({ json: result.value, words: () => groupsWords(result.value) }) : result;
  },
};

const board: Verb = {
  name: 'checkpoints',
  summary: 'Show every run with its checkpoints as a strip, what a keep policy lets go, and what that frees.',
  usage: '--index FILE [--prefix PREFIX] [keep policy]',
  methods: ['checkpoints.board'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Only what lies below this prefix.' },
    ...KEEP_FLAGS,
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const policy = keepPolicyOf(args, 'checkpoints');
    if (!policy.ok) return policy;
    const result = await call('checkpoints.board', {
      ...indexOf(args),
      ...given('prefix', args.text('prefix')),
      ...given('region', args.text('region')),
      ...(policy.value === undefined ? {} : { policy: policy.value }),
    });
    return result.ok ? ok({ json: result.value, words: () => boardWords(result.value) }) : result;
  },
};

const classify: Verb = {
  name: 'classify',
  summary: 'Say why a key is what it is, or say better: overrides by glob, kept in the workspace.',
  usage: '--explain KEY [--index FILE] | --index FILE [--set NAME=GLOB=KIND] [--remove NAME]',
  methods: ['classify.explain'],
  positionals: 0,
  flags: {
    explain: { type: 'text', value: 'KEY', words: 'The key to explain; with an index, together with its neighbours.' },
    index: { type: 'text', value: 'FILE', words: 'The index file.' },
    snapshot: { type: 'text', value: 'ID', words: 'The snapshot; the newest unless named.' },
    set: { type: 'text', value: 'NAME=GLOB=KIND', words: 'From the next scan on, keys that match the glob are of this kind.' },
    file: { type: 'switch', words: 'With --set: each key is a unit by itself, not its directory.' },
    remove: { type: 'text', value: 'NAME', words: 'Take an override back.' },
  },
  run: async (args, { call }) => {
    const index = args.text('index');
    const key = args.text('explain');
    if (key !== undefined) {
      const result = await call('classify.explain', { key, ...given('index', index), ...given('snapshotId', args.text('snapshot')) });
      return result.ok ? ok({ json: result.value, words: () => explanationWords(result.value) }) : result;
    }
    if (index === undefined) return err(usageError('Name a key with --explain, or an index with --index.', 'classify'));
    const change = (settings: UnitSettings) => overridesAfter(args, settings);
    return configure(index, call, change);
  },
};

function overridesAfter(args: Args, { overrides }: UnitSettings): Result<UnitSettingsChange> {
  const set = args.text('set');
  const remove = args.text('remove');
  let after = overrides;
  if (remove !== undefined) {
    after = after.filter(({ id }) => id !== remove);
    if (after.length === overrides.length) return err(usageError(`There is no override "${remove}".`, 'classify'));
  }
  if (set !== undefined) {
    const found = /^([^=]+)=(.+)=([a-z_]+)$/s.exec(set);
    const kind = KINDS.find((one) => one === found?.[3]);
    if (!found || kind === undefined) return err(usageError(`"--set" takes NAME=GLOB=KIND; kinds: ${KINDS.join(', ')}.`, 'classify'));
    const [, id = '', glob = ''] = found;
    after = [...after.filter((other) => other.id !== id), { id, glob, kind, unit: args.has('file') ? 'file' : 'directory' }];
  }
  return ok(after === overrides ? {} : { overrides: [...after] });
}

type Call = Parameters<Verb['run']>[1]['call'];

/** Reads the settings, changes them where something is asked for, and shows what holds then. */
async function configure(index: string, call: Call, changeOf: (settings: UnitSettings) => Result<UnitSettingsChange>) {
  const before = await call('units.settings', { index });
  if (!before.ok) return before;
  const change = changeOf(before.value);
  if (!change.ok) return change;
  const after = Object.keys(change.value).length === 0 ? before : await call('units.configure', { index, settings: change.value });
  return after.ok ? ok({ json: after.value, words: () => settingsWords(after.value) }) : after;
}

const keep: Verb = {
  name: 'keep',
  summary: 'Show or set what a workspace keeps: policies by prefix, pins, readers that do not count.',
  usage: '--index FILE [--prefix PREFIX keep policy] [--pin GLOB]',
  methods: ['units.settings', 'units.configure'],
  positionals: 0,
  flags: {
    index: INDEX_FLAGS.index!,
    prefix: { type: 'text', value: 'PREFIX', words: 'What the policy is for; the whole bucket unless named.' },
    ...KEEP_FLAGS,
    forget: { type: 'switch', words: 'Take back the policy of --prefix.' },
    pin: { type: 'text', value: 'GLOB', words: 'Keep units whose path matches, whatever any policy says.' },
    note: { type: 'text', value: 'TEXT', words: 'With --pin: why.' },
    unpin: { type: 'text', value: 'GLOB', words: 'Take a pin back.' },
    'noise-add': { type: 'text', value: 'PATTERN', words: 'Reads by requesters or agents that match do not count.' },
    'noise-remove': { type: 'text', value: 'PATTERN', words: 'They count again.' },
    'noise-usual': { type: 'switch', words: 'Go back to the usual list of readers that do not count.' },
  },
  run: async (args, { call }) => {
    const policy = keepPolicyOf(args, 'keep');
    if (!policy.ok) return policy;
    return configure(args.must('index'), call, (settings) => ok(settingsAfter(args, settings, policy.value)));
  },
};

function settingsAfter(args: Args, settings: UnitSettings, policy: KeepPolicy | undefined): UnitSettingsChange {
  const change: UnitSettingsChange = {};
  const prefix = args.text('prefix') ?? '';
  const others = settings.keep.filter((rule) => rule.prefix !== prefix);
  if (policy !== undefined) change.keep = [...others, { prefix, policy }];
  else if (args.has('forget')) change.keep = others;
  const [pin, unpin] = [args.text('pin'), args.text('unpin')];
  if (pin !== undefined || unpin !== undefined) {
    const left = settings.pins.filter(({ glob }) => glob !== pin && glob !== unpin);
    change.pins = pin === undefined ? left : [...left, { glob: pin, note: args.text('note') ?? '' }];
  }
  const [add, remove] = [args.text('noise-add'), args.text('noise-remove')];
  if (args.has('noise-usual')) change.noise = null;
  else if (add !== undefined || remove !== undefined) {
    const left = (settings.noise ?? settings.usualNoise).filter((pattern) => pattern !== add && pattern !== remove);
    change.noise = add === undefined ? left : [...left, add];
  }
  return change;
}

export const unitVerbs: readonly Verb[] = [units, runs, board, classify, keep];
