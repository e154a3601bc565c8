import type { Rule } from '../../contract/lifecycle.ts';
import type { Category } from '../../contract/vocabulary.ts';
import { bitsOf, noncurrentBit } from './presence.ts';

/** What a preset wants for one category, and what must not be hit by it. */
export interface Intent {
  readonly category: Category;
  /** Bits of the kinds it is for. */
  readonly target: number;
  /** Bits that keep a prefix from being taken whole. */
  readonly blockers: number;
  /** Those of them that may go along where they are next to nothing beside the target. */
  readonly soft?: number;
  /** Whether a rule over the whole bucket may come out of it. */
  readonly mayCoverBucket: boolean;
  /** What the rule would do to what it must not hit. */
  readonly harm: string;
  readonly actions: Pick<Rule, 'Transitions' | 'Expiration' | 'NoncurrentVersionExpiration'>;
}

export interface Preset {
  readonly id: string;
  readonly name: string;
  /** What it does, in one sentence. */
  readonly words: string;
  readonly intents: readonly Intent[];
}

/**
 * The first preset: training data goes colder, old experiments go, replaced checkpoints go. Live tables and stores
 * are never judged by age, and what is not known is never expired (s3-domain 6).
 */
const ML_BASICS: Preset = {
  id: 'ml-basics',
  name: 'ML basics',
  words:
    'Training data moves to Standard-IA at 30 days and to Glacier at 90, experiments expire at 180, replaced versions of checkpoints at 30.',
  intents: [
    {
      category: 'dataset',
      target: bitsOf('dataset'),
      blockers: bitsOf('dataset_live_table', 'dataset_store', 'checkpoint', 'checkpoint_incomplete', 'model', 'experiment', 'feature'),
      mayCoverBucket: true,
      harm: 'the rule would move them too',
      actions: {
        Transitions: [
          { Days: 30, StorageClass: 'STANDARD_IA' },
          { Days: 90, StorageClass: 'GLACIER' },
        ],
      },
    },
    {
      category: 'experiment',
      target: bitsOf('experiment'),
      blockers: bitsOf(
        'checkpoint',
        'checkpoint_incomplete',
        'model',
        'dataset',
        'dataset_live_table',
        'dataset_store',
        'feature',
        'other',
      ),
      mayCoverBucket: false,
      harm: 'the rule would expire them too',
      actions: { Expiration: { Days: 180 } },
    },
    {
      category: 'checkpoint',
      target: bitsOf('checkpoint', 'checkpoint_incomplete'),
      blockers: bitsOf('dataset', 'dataset_live_table', 'dataset_store', 'model', 'experiment', 'feature') | noncurrentBit('other'),
      mayCoverBucket: true,
      harm: 'the rule would remove their noncurrent versions too',
      actions: { NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
    },
  ],
};

export const PRESETS: readonly Preset[] = [ML_BASICS];
