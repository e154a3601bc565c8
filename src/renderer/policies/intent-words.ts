import type { ScenarioIntent } from '../../contract/scenario.ts';
import { MOST_INTENT_DAYS } from '../../contract/scenario.ts';
import { className } from '../explore/map/layers.ts';
import { CATEGORY_WORDS } from '../overview/pivot-table.ts';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const what = (target: ScenarioIntent['target']): string => (target === 'any' ? 'everything known' : CATEGORY_WORDS[target]);

/** How a storage class is come back from, said where it is chosen. */
const READ_WORDS: Readonly<Record<string, string>> = {
  STANDARD_IA: 'reads stay instant and cost by the GiB',
  ONEZONE_IA: 'one zone only: lost with it',
  GLACIER_IR: 'reads stay instant and cost by the GiB',
  GLACIER: 'a restore takes minutes to hours',
  DEEP_ARCHIVE: 'a restore takes up to 12 h',
  INTELLIGENT_TIERING: 'moves by itself as it is read',
};

/** "Datasets to Glacier Instant", and what to know of it. */
export function intentWords(intent: ScenarioIntent): { readonly title: string; readonly note: string } {
  const place = intent.prefix === '' ? '' : `${intent.prefix} · `;
  switch (intent.act) {
    case 'move': {
      const storageClass = intent.storageClass ?? '';
      return {
        title: `${capital(what(intent.target))} to ${className(storageClass)}`,
        note: `${place}${READ_WORDS[storageClass] ?? 'after the last write'}`,
      };
    }
    case 'expire':
      return { title: `${capital(what(intent.target))} expire`, note: `${place}after the last write` };
    case 'expireNoncurrent':
      return {
        title: intent.target === 'any' ? 'Replaced versions expire' : `Replaced versions of ${what(intent.target)} expire`,
        note: `${place}all but live tables; the clock starts at the successor`,
      };
    case 'abortUploads':
      return { title: 'Incomplete uploads abort', note: 'whole bucket; nobody can read them' };
    case 'removeExpiredMarkers':
      return { title: 'Lone delete markers go', note: 'whole bucket; nothing is left behind them' };
  }
}

/** How far the thumb of an intent goes. */
export function mostDays({ act, storageClass }: ScenarioIntent): number {
  if (act === 'abortUploads') return 60;
  if (act === 'expireNoncurrent') return 365;
  return storageClass === 'DEEP_ARCHIVE' || act === 'expire' ? MOST_INTENT_DAYS : 1095;
}

/** Whether it has a threshold at all. */
export const hasDays = ({ act }: ScenarioIntent): boolean => act !== 'removeExpiredMarkers';
