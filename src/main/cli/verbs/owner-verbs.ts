import { OWNER_DIMENSIONS, type OwnerDimension, UNIT_COSTS, type UnitCost } from '../../../contract/owners.ts';
import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, OTHER_PRICE_REGION, REMOTE_FLAGS } from '../flags.ts';
import { OWNERS_FLAGS, ownersOf } from '../owners-file.ts';
import type { Verb } from '../verb.ts';
import { ownerCostWords, thingCostWords } from '../words/owner-words.ts';

const owners: Verb = {
  name: 'owners',
  summary: 'Show whose cost it is: showback and chargeback, the cost of one run or model, the dearest of the week.',
  usage: '--index FILE --owners FILE [--by team | --per run | --top]',
  methods: ['owners.costs', 'owners.unitCosts', 'owners.top', 'bucket.tags'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    ...OWNERS_FLAGS,
    by: { type: 'text', value: 'FIELD', words: `One of ${OWNER_DIMENSIONS.join(', ')}; team unless named.`, choices: OWNER_DIMENSIONS },
    per: { type: 'text', value: 'THING', words: `What one costs: ${UNIT_COSTS.join(', ')}.`, choices: UNIT_COSTS },
    top: { type: 'switch', words: 'The ten most expensive things of the week.' },
    limit: { type: 'whole', value: 'N', words: 'How many things to list; with --top 10, else 50.' },
    ...REMOTE_FLAGS,
    ...OTHER_PRICE_REGION,
  },
  run: async (args, context) => {
    const who = await ownersOf(args, context, 'owners');
    if (!who.ok) return who;
    const limit = args.whole('limit');
    const asked = { ...indexOf(args), ...who.value, ...given('region', args.text('price-region')) };
    const limited = { ...asked, ...(limit === undefined ? {} : { limit }) };
    const per = args.text('per') as UnitCost | undefined;
    if (args.has('top') || per !== undefined) {
      const things =
        per === undefined ? await context.call('owners.top', limited) : await context.call('owners.unitCosts', { ...limited, per });
      return things.ok ? ok({ json: things.value, words: () => thingCostWords(things.value) }) : things;
    }
    const costs = await context.call('owners.costs', { ...asked, by: (args.text('by') ?? 'team') as OwnerDimension });
    return costs.ok ? ok({ json: costs.value, words: () => ownerCostWords(costs.value) }) : costs;
  },
};

export const ownerVerbs: readonly Verb[] = [owners];
