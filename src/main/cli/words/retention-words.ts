import type { ResultOf } from '../../../contract/methods.ts';
import type { Coverage, Place, PlaceRule } from '../../../contract/retention.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { proofWords } from './prove-words.ts';
import { facts, list, paragraphs, table } from './table.ts';

const period = (days: number | null): string => (days === null ? '' : `${formatCount(days)} d`);

export function regimesWords({ notice, regimes }: ResultOf<'retention.regimes'>): string {
  return paragraphs(
    table(
      [
        { title: 'Regime', of: (regime) => regime.id },
        { title: 'Source', of: (regime) => regime.source },
        { title: 'Keep', align: 'right', of: (regime) => period(regime.minDays) },
        { title: 'Gone by', align: 'right', of: (regime) => period(regime.maxDays) },
        { title: 'Locked', of: (regime) => (regime.worm ? 'yes' : '') },
        { title: 'From', of: (regime) => regime.start },
        { title: 'Record', of: (regime) => regime.record },
      ],
      regimes,
    ),
    notice,
  );
}

const first = (place: Place): string => (place.removedFromDays === null ? 'never' : period(place.removedFromDays));
const last = (place: Place): string => (place.goneByDays === null ? 'not sure to go' : period(place.goneByDays));

function ruleWords({ ruleId, owner, state, days, date, reaches, wins }: PlaceRule): string {
  const when =
    date !== null ? `from ${date} on` : `${formatCount(days ?? 0)} days after ${state === 'current' ? 'the write' : 'it was replaced'}`;
  const what = state === 'current' ? 'expires' : 'removes noncurrent versions';
  return `rule "${ruleId}"${owner === 'foreign' ? ' (not of Isotherm)' : ''} ${what} ${when}${reaches === 'some' ? ', for some of it' : ''}${wins ? ': decides' : ': a shorter one comes first'}`;
}

const REVIEW = { reviewed: 'reviewed', changed: 'CHANGED since it was reviewed', none: 'not reviewed' } as const;

export function coverageWords(coverage: Coverage): string {
  const { review, counts } = coverage;
  const broken = coverage.cells.filter(({ verdict }) => verdict !== 'PROVED');
  return paragraphs(
    table(
      [
        { title: 'Schedule', of: (cell) => cell.scheduleId },
        { title: 'Place', of: (cell) => coverage.places[cell.place]?.label ?? '' },
        {
          title: 'Keep',
          align: 'right',
          of: (cell) => period(coverage.schedules.find(({ id }) => id === cell.scheduleId)?.minDays ?? null),
        },
        { title: 'Removed from', align: 'right', of: (cell) => first(coverage.places[cell.place] as Place) },
        {
          title: 'Gone by',
          align: 'right',
          of: (cell) => period(coverage.schedules.find(({ id }) => id === cell.scheduleId)?.maxDays ?? null),
        },
        { title: 'Last gone', align: 'right', of: (cell) => last(coverage.places[cell.place] as Place) },
        { title: 'Result', of: (cell) => cell.verdict },
      ],
      coverage.cells,
    ),
    ...broken.flatMap((cell) => cell.proofs.filter(({ verdict }) => verdict !== 'PROVED').map(proofWords)),
    ...coverage.places
      .filter(({ rules }) => rules.length > 0)
      .map((place) => list(`What acts on ${place.label}`, place.rules.map(ruleWords))),
    list(
      'Conflicts',
      coverage.conflicts.map(({ label, words }) => `${label}: ${words}`),
    ),
    coverage.gaps === null
      ? ''
      : list(
          'Under no schedule',
          coverage.gaps.map(
            ({ prefix, versions, bytes }) =>
              `${prefix || '(directly in the bucket)'}: ${formatCount(versions)} ${versions === 1 ? 'version' : 'versions'}, ${formatBytes(bytes)}`,
          ),
        ),
    facts([
      ['Proved', formatCount(counts.PROVED)],
      ['Counterexample', formatCount(counts.COUNTEREXAMPLE)],
      ['Insufficient', formatCount(counts.INSUFFICIENT)],
      ['Schedules', `${REVIEW[review.status]}${review.by === null ? '' : ` by ${review.by}, ${review.at?.slice(0, 10)}`}`],
      ['Configuration put on', coverage.asOf],
    ]),
  );
}
