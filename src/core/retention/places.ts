import type { StatementScope } from '../../contract/prove.ts';
import type { Place, PlaceRule } from '../../contract/retention.ts';
import { OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import { type Box, coversKeysAndTags, intersect, isInside } from '../prove/box.ts';
import { type Context, type KnownVersioning, scopeBox, soonest } from '../prove/context.ts';
import { latestGone } from '../prove/gone.ts';
import { soonestRemoval } from '../prove/kept.ts';
import { scopeInWords } from '../prove/words.ts';

const sameScope = (scope: StatementScope): string =>
  JSON.stringify([scope.prefix, scope.tags, scope.sizeGreaterThan, scope.sizeLessThan, scope.category]);

/** Every scope that schedules name, once each, by prefix. */
export function placesOf(scopes: readonly StatementScope[]): StatementScope[] {
  const places = new Map(scopes.map((scope) => [sameScope(scope), scope]));
  return [...places.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : sameScope(a) < sameScope(b) ? -1 : 1));
}

/** Whether a schedule's scope takes in all of a place. */
export function takesIn(scope: StatementScope, place: StatementScope): boolean {
  if (scope.category !== undefined && scope.category !== place.category) return false;
  const [outer, inner] = [scopeBox(scope), scopeBox(place)];
  return outer !== null && inner !== null && coversKeysAndTags(outer, inner) && isInside(outer, inner);
}

/** The rules that take something away at a place, the shorter of each kind first. */
function rulesAt(box: Box, { rules, asOfDay }: Omit<Context, 'versioning'>, versionings: readonly KnownVersioning[]): PlaceRule[] {
  const found: PlaceRule[] = [];
  for (const { name, rule, box: own } of rules) {
    const met = intersect(own, box);
    if (met === null) continue;
    const reaches = coversKeysAndTags(own, box) && isInside(own, box) ? 'all' : 'some';
    const owner = name.startsWith(OWNED_RULE_PREFIX) ? 'isotherm' : 'foreign';
    const { expiration, noncurrentExpiration } = rule;
    if (expiration !== null) {
      const date = expiration.date === null ? null : expiration.date.slice(0, 10);
      found.push({ ruleId: name, owner, state: 'current', days: expiration.days, date, reaches, wins: false });
    }
    if (noncurrentExpiration !== null && versionings.some((versioning) => versioning !== 'unversioned')) {
      found.push({
        ruleId: name,
        owner,
        state: 'noncurrent',
        days: noncurrentExpiration.noncurrentDays ?? 0,
        date: null,
        reaches,
        wins: false,
      });
    }
  }
  const when = ({ days, date }: PlaceRule): number => soonest({ days, date }, asOfDay).day;
  found.sort((a, b) => (a.state < b.state ? -1 : a.state > b.state ? 1 : 0) || when(a) - when(b) || (a.ruleId < b.ruleId ? -1 : 1));
  return found.map((one, at) => {
    const isFirst = found.findIndex(({ state, reaches }) => state === one.state && reaches === one.reaches) === at;
    const overAll = found.find(({ state, reaches }) => state === one.state && reaches === 'all');
    return { ...one, wins: isFirst && (one.reaches === 'all' || overAll === undefined || when(one) < when(overAll)) };
  });
}

/** What rules do at a place, whoever made them, for any key that could ever be there. */
export function placeOf(
  scope: StatementScope,
  base: Omit<Context, 'versioning'>,
  states: readonly KnownVersioning[],
  held: { readonly versions: number; readonly bytes: number } | null,
): Place {
  const box = scopeBox(scope);
  const extent = { versions: held?.versions ?? null, bytes: held?.bytes ?? null };
  const label = scopeInWords(scope);
  if (box === null)
    return { label, scope, ...extent, removedFromDays: null, removedByRule: null, goneByDays: null, isKnown: true, rules: [] };
  const removals = states.map((versioning) => soonestRemoval(box, { ...base, versioning }));
  const latest = states.map((versioning) => latestGone(box, { ...base, versioning }));
  const first = removals.filter((one) => one !== null).sort((a, b) => a.ageDays - b.ageDays)[0] ?? null;
  const agreeSoonest = new Set(removals.map((one) => one?.ageDays ?? null)).size === 1;
  const agreeLatest = new Set(latest.map((one) => (one === 'open' ? 'open' : one))).size === 1 && !latest.includes('open');
  const gone = latest.reduce<number | null>(
    (last, one) => (last === null || one === null || one === 'open' ? null : Math.max(last, one)),
    0,
  );
  return {
    label,
    scope,
    ...extent,
    removedFromDays: first?.ageDays ?? null,
    removedByRule: first?.ruleId ?? null,
    goneByDays: gone,
    isKnown: agreeSoonest && agreeLatest,
    rules: rulesAt(box, base, states),
  };
}
