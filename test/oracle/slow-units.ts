import type { Kind } from '../../src/contract/vocabulary.ts';
import type { Classifier } from '../../src/core/classify/classifier.ts';
import { directoryPlace, isSupport, placeOf } from '../../src/core/units/place.ts';
import { classifySlowly } from './slow-classifier.ts';

const ENCLOSING =
  /^(.*?\/)?(checkpoint-\d+|tmp-checkpoint-\d+|iter_\d{7}|global_step\d+(?:_universal)?|checkpoint_\d{6}|[^/]+\.ckpt|ep\d+-ba\d+(?:-rank\d+)?|(?:[A-Za-z_]+_)?\d+\.orbax-checkpoint-tmp(?:-\d+)?)\//;

/** The unit of every key, the obvious way: one key at a time, as text. null for none. */
export function unitsSlowly(classifier: Classifier, keys: readonly string[]): (string | null)[] {
  return classifySlowly(classifier.rules, keys).map(({ rule, claimedFrom }, at) => {
    if (rule === null) return null;
    const key = keys[at] as string;
    const enclosing = ENCLOSING.exec(key);
    const isCheckpoint = rule.kind === 'checkpoint' || rule.kind === 'checkpoint_incomplete';
    if (enclosing && isCheckpoint) return `${enclosing[0]} whole checkpoint`;
    const index = classifier.rules.indexOf(rule);
    const matched = placeOf(classifier, index, key);
    // A strong claim stands for the whole root, even for a key that the rule would place elsewhere by itself.
    const place =
      claimedFrom !== null && (isStrong(rule.claims?.scope) || matched === undefined)
        ? isSupport(rule.id)
          ? null
          : directoryPlace(rule.kind, rule.id, claimedFrom)
        : matched;
    return place ? `${where(place)} ${kindWord(rule.kind)}` : null;
  });
}

const isStrong = (scope: string | undefined): boolean => scope === 'table' || scope === 'store';
const kindWord = (kind: Kind): string => kind;

function where(place: NonNullable<ReturnType<typeof directoryPlace>>): string {
  if (place.type === 'directory') return place.path;
  return place.type === 'stem' ? `${place.directory}${place.stem}*` : `${place.directory}#${place.number}`;
}
