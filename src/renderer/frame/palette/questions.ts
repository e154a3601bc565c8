import { TrendingDown } from 'lucide-react';
import type { ScenarioIntent } from '../../../contract/scenario.ts';
import { className } from '../../explore/map/layers.ts';
import { CATEGORY_WORDS } from '../../overview/pivot-table.ts';
import { navigate } from '../../state/route.ts';
import { putScenario } from '../../state/scenarios.ts';
import type { Hit } from './hits.ts';

/** What people call the classes; the longer names first, as "glacier" alone is the flexible one. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/\bdeep\b|\bgda\b/, 'DEEP_ARCHIVE'],
  [/\binstant\b|\bgir\b/, 'GLACIER_IR'],
  [/\bglacier\b|\bflexible\b|\bgfr\b|\barchive\b/, 'GLACIER'],
  [/\bintelligent\b|\btiering\b|\bint\b/, 'INTELLIGENT_TIERING'],
  [/\bia\b|\binfrequent\b/, 'STANDARD_IA'],
];
const TARGETS = ['dataset', 'checkpoint', 'experiment', 'log', 'model', 'feature'] as const;

/** A question of the form "how much would so many days to a class save on something". */
export interface Question {
  readonly days: number;
  readonly storageClass: string;
  readonly target: (typeof TARGETS)[number];
}

const FIRST: Question = { days: 90, storageClass: 'GLACIER', target: 'dataset' };

/** What a text asks, with what it leaves open filled in; undefined where it asks nothing of the kind. */
export function questionIn(text: string): Question | undefined {
  const words = text.toLowerCase();
  const target = TARGETS.find((name) => words.includes(name));
  const storageClass = CLASSES.find(([pattern]) => pattern.test(words))?.[1];
  const days = /\b(\d{1,4})\s*(?:d|days?)?\b/.exec(words)?.[1];
  const known = [target, storageClass, days].filter((part) => part !== undefined).length;
  const asks = /\b(how much|save|saving|saves|cheaper)\b/.test(words);
  if (known < 2 && !(asks && known === 1)) return undefined;
  return {
    days: Math.min(3650, Math.max(1, Number(days ?? FIRST.days))),
    storageClass: storageClass ?? FIRST.storageClass,
    target: target ?? FIRST.target,
  };
}

const wordsOf = ({ days, storageClass, target }: Question): string =>
  `How much would ${days} days to ${className(storageClass)} save on ${CATEGORY_WORDS[target]}?`;

/** The question typed, as a line to run; with nothing typed, one to learn from. */
export function questionHits(query: string): Hit[] {
  const question = query.trim() === '' ? FIRST : questionIn(query);
  if (question === undefined) return [];
  return [
    {
      id: `question ${wordsOf(question)}`,
      group: 'Ask',
      title: wordsOf(question),
      aside: '',
      Icon: TrendingDown,
      isKey: false,
      run: () => ask(question),
    },
  ];
}

/** Puts the question as a plan of its own in place of plan C, which undo brings back, and shows what it comes to. */
function ask({ days, storageClass, target }: Question): void {
  const intent: ScenarioIntent = { id: 'own-question', target, prefix: '', act: 'move', storageClass, days };
  putScenario('C', { name: `${days} d, ${CATEGORY_WORDS[target]}`, intents: [{ ...intent, isOn: true }] });
  navigate({ view: 'policies' });
}
