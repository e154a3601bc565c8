import { DAY_MS } from '../../contract/units.ts';
import type { Configured } from '../simulate/request.ts';
import { type ActiveRule, activeRules, matchesMarkers } from '../simulate/rules.ts';
import type { Fate } from './fate.ts';
import type { Compared } from './worlds.ts';

/** A multipart upload that was begun and neither completed nor aborted. */
export interface OpenUpload {
  readonly key: string;
  readonly storageClass: string;
  readonly initiatedMs: number;
  readonly bytes: number;
}

/** The rules that abort; a prefix is all they may filter by (s3-domain 4.1). */
export const abortingRules = ({ configuration }: Configured): ActiveRule[] =>
  activeRules(configuration).filter(({ abortDays, scope }) => abortDays !== null && matchesMarkers(scope));

/** When rules abort an upload. */
export function uploadFate(
  { key, storageClass, initiatedMs }: OpenUpload,
  aborting: readonly ActiveRule[],
  { asOfDay, untilDay }: Pick<Compared, 'asOfDay' | 'untilDay'>,
): Fate {
  const clockDay = Math.ceil(initiatedMs / DAY_MS);
  let first: Fate = [];
  for (const rule of aborting) {
    if (!key.startsWith(rule.scope.prefix)) continue;
    const day = Math.max(clockDay + (rule.abortDays ?? 0), asOfDay + 1);
    if (day >= Math.min(untilDay, first[0]?.day ?? untilDay)) continue;
    first = [{ day, act: 'abort', to: '', rule, fromClass: stagedIn(storageClass), fromTier: '', missingDays: 0 }];
  }
  return first;
}

/** Parts of what will be archived wait at STANDARD's price (s3-domain 3.3). */
const stagedIn = (storageClass: string): string =>
  storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE' ? 'STANDARD' : storageClass;

/** Parts have neither a floor nor monitoring: of Intelligent-Tiering they are billed as its small objects are, of others as large ones. */
export const isBilledAsSmall = ({ storageClass }: OpenUpload): boolean => storageClass === 'INTELLIGENT_TIERING';
