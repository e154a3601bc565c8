import { ok } from '../../../contract/result.ts';
import { given } from '../flags.ts';
import { dayFlag, SIMULATION_FLAGS, toldOf } from '../simulation-flags.ts';
import type { Verb } from '../verb.ts';
import { explanationWords, simulationWords, stateWords, whatIfWords } from '../words/simulation-words.ts';

const simulate: Verb = {
  name: 'simulate',
  summary: 'Project what a configuration would cost and do, month by month, or what would be there on a day.',
  usage: '--index FILE --policy FILE [--as-of DAY] [--months 12] [--state-at DAY]',
  methods: ['policy.simulate', 'policy.whatIf', 'policy.stateAt'],
  positionals: 0,
  flags: {
    ...SIMULATION_FLAGS,
    months: { type: 'whole', value: 'N', words: 'How many calendar months, 1 to 60, the partial first one included; 12 unless given.' },
    'state-at': { type: 'text', value: 'DAY', words: "Say what would be there after S3's run of this day instead." },
    brief: { type: 'switch', words: 'The money alone: neither range nor effects.' },
  },
  run: async (args, { call }) => {
    const told = await toldOf(args);
    if (!told.ok) return told;
    const date = dayFlag(args, 'state-at');
    if (!date.ok) return date;
    if (date.value !== undefined) {
      const state = await call('policy.stateAt', { ...told.value, date: date.value });
      return state.ok ? ok({ json: state.value, words: () => stateWords(state.value) }) : state;
    }
    if (args.has('brief')) {
      const brief = await call('policy.whatIf', { ...told.value, months: args.whole('months') ?? 12 });
      return brief.ok ? ok({ json: brief.value, words: () => whatIfWords(brief.value) }) : brief;
    }
    const result = await call('policy.simulate', { ...told.value, months: args.whole('months') ?? 12 });
    return result.ok ? ok({ json: result.value, words: () => simulationWords(result.value) }) : result;
  },
};

const explain: Verb = {
  name: 'explain',
  summary: 'Tell what would happen to one key: every event with its day, its rule and its money.',
  usage: '--index FILE --policy FILE --key KEY [--version-id ID]',
  methods: ['policy.explain'],
  positionals: 0,
  flags: {
    ...SIMULATION_FLAGS,
    key: { type: 'text', value: 'KEY', words: 'The whole key.', required: true },
    'version-id': { type: 'text', value: 'ID', words: 'One version of it; "null" is the null version.' },
    months: { type: 'whole', value: 'N', words: 'How many months ahead, 1 to 60; 60 unless given.' },
  },
  run: async (args, { call }) => {
    const told = await toldOf(args);
    if (!told.ok) return told;
    const result = await call('policy.explain', {
      ...told.value,
      key: args.must('key'),
      ...given('versionId', args.text('version-id')),
      months: args.whole('months') ?? 60,
    });
    return result.ok ? ok({ json: result.value, words: () => explanationWords(result.value) }) : result;
  },
};

export const simulateVerbs: readonly Verb[] = [simulate, explain];
