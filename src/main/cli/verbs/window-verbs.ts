import { ok } from '../../../contract/result.ts';
import type { Verb } from '../verb.ts';
import { printable } from '../words/table.ts';

const desk: Verb = {
  name: 'desk',
  summary: 'Show or forget what the window keeps between starts: places, sizes, choices.',
  usage: '[--forget]',
  methods: ['app.recall', 'app.remember'],
  positionals: 0,
  flags: { forget: { type: 'switch', words: 'Forget all of it; the window then starts as it did the first time.' } },
  run: async (args, { call }) => {
    if (args.has('forget')) {
      const forgotten = await call('app.remember', { desk: '{}' });
      return forgotten.ok ? ok({ json: { forgotten: true }, words: () => 'Forgotten.' }) : forgotten;
    }
    const kept = await call('app.recall', {});
    if (!kept.ok) return kept;
    const value = parsed(kept.value.desk ?? '{}');
    return ok({ json: value, words: () => JSON.stringify(value, null, 2).split('\n').map(printable).join('\n') });
  },
};

/** Notes somebody spoiled by hand are shown as they are. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const windowVerbs: readonly Verb[] = [desk];
