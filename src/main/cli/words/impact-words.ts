import type { Act, Impact, ImpactChange, ImpactDay, Witness } from '../../../contract/impact.ts';
import { formatBytes, formatCount, formatMoney } from '../../../core/report/format.ts';
import { list, paragraphs, printable, table } from './table.ts';

/** Days shown in words; all of them are in the JSON. */
const MOST_DAYS = 31;

const ACTS: Readonly<Record<Act, string>> = {
  remove: 'removed for good',
  hide: 'hidden behind a delete marker',
  move: 'moved',
  removeMarker: 'delete marker removed',
  abort: 'upload aborted',
};

const CHANGES: Readonly<Record<ImpactChange['change'], string>> = {
  newly: 'newly',
  earlier: 'earlier',
  later: 'later',
  noLonger: 'no longer',
};

const actWords = ({ act, to, ifTagged }: Pick<ImpactChange, 'act' | 'to' | 'ifTagged'>): string =>
  `${ACTS[act]}${to === null ? '' : ` to ${to}`}${ifTagged ? ', if tagged so' : ''}`;

const datesWords = (dates: ImpactChange['currentDates']): string =>
  dates === null ? 'never' : dates.first === dates.last ? dates.first : `${dates.first} to ${dates.last}`;

const foreseenWords = (acts: Witness['current']): string =>
  acts.length === 0 ? 'nothing' : acts.map(({ date, ...act }) => `${date} ${actWords({ ...act, ifTagged: false })}`).join(', ');

const witnessWords = ({ key, versionId, sizeBytes, current, proposed }: Witness): string =>
  `${key}${versionId === null ? '' : ` (version ${versionId})`}, ${formatBytes(sizeBytes)}: now ${foreseenWords(current)}; then ${foreseenWords(proposed)}`;

const changesTable = (changes: readonly ImpactChange[]): string =>
  table(
    [
      { title: 'Would be', of: (change) => `${CHANGES[change.change]} ${actWords(change)}` },
      { title: 'Versions', align: 'right', of: (change) => formatCount(change.versions) },
      { title: 'Bytes', align: 'right', of: (change) => formatBytes(change.bytes) },
      { title: 'Units', align: 'right', of: (change) => formatCount(change.units) },
      { title: 'Now', of: (change) => datesWords(change.currentDates) },
      { title: 'Then', of: (change) => datesWords(change.proposedDates) },
    ],
    changes,
  );

const amount = (nanoUsd: string | null): string => (nanoUsd === null ? 'no price' : formatMoney(nanoUsd));

function daysTable(days: readonly ImpactDay[]): string {
  if (days.length === 0) return '';
  const rest = days.length - MOST_DAYS;
  return [
    table(
      [
        { title: 'Day', of: (day) => day.date },
        { title: 'Would be', of: actWords },
        { title: 'Versions', align: 'right', of: (day) => formatCount(day.versions) },
        { title: 'Bytes', align: 'right', of: (day) => formatBytes(day.bytes) },
        { title: 'Units', align: 'right', of: (day) => formatCount(day.units) },
        { title: 'Of which new', align: 'right', of: (day) => formatCount(day.newVersions) },
        { title: 'Fees', align: 'right', of: (day) => amount(day.feesNanoUsd) },
        { title: 'Less a month', align: 'right', of: (day) => amount(day.monthlySavingNanoUsd) },
      ],
      days.slice(0, MOST_DAYS),
    ),
    ...(rest > 0 ? [`... and ${formatCount(rest)} more; --json has them all.`] : []),
  ].join('\n');
}

/** What becomes different, with keys that show it. */
export function impactWords(impact: Impact): string {
  const { changes, destroyed, days, notCovered } = impact;
  if (changes.length === 0 && days.length === 0) return paragraphs('No version would fare differently.', list('Not covered', notCovered));
  const lost = `${formatCount(destroyed.versions)} versions (${formatBytes(destroyed.bytes)}, ${formatCount(destroyed.units)} units)`;
  const tagged = destroyed.ifTagged.versions;
  return paragraphs(
    changes.length === 0 ? 'No version would fare differently.' : changesTable(changes),
    destroyed.versions === 0
      ? 'Nothing would be removed or hidden that the current configuration keeps, or keeps for longer.'
      : `${lost} would be removed or hidden that the current configuration keeps, or keeps for longer${tagged === 0 ? '' : `; ${formatCount(tagged)} of them only if they carry the tags that rules ask for`}.`,
    ...changes.map((change) =>
      list(`${CHANGES[change.change]} ${printable(actWords(change))}, such as`, change.witnesses.map(witnessWords)),
    ),
    daysTable(days),
    list('Not covered', notCovered),
  );
}
