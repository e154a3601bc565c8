import type { MethodName, ResultOf } from '../../../contract/methods.ts';
import type { KeyExplanation, UnitGroup, UnitSettings, UnitView } from '../../../contract/unit-views.ts';
import { policyInWords } from '../../../core/keep/policy-words.ts';
import { formatBytes, formatCount, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { facts, list, paragraphs, printable, table } from './table.ts';

const money = (nanoUsd: string | null): string => (nanoUsd === null ? 'no price' : formatMoney(nanoUsd));
const date = (instant: string | null): string => instant?.slice(0, 10) ?? '';

function shown(total: number, count: number): string {
  return total > count ? `${formatCount(count)} of ${formatCount(total)} shown; see --offset and --limit.` : '';
}

const verdictWords = ({ verdict, holds, state, missing }: UnitView): string => {
  const why = holds.map(({ words }) => words).join('; ');
  if (verdict === null) return state === 'complete' ? '' : [state, ...missing].join(': ');
  return why === '' ? verdict : `${verdict}: ${why}`;
};

export function unitsWords({ units, total, policy, prices }: ResultOf<Extract<MethodName, 'units.list'>>): string {
  return paragraphs(
    table(
      [
        {
          title: 'Unit',
          of: (unit) => unit.path + (unit.path.endsWith('/') && !unit.path.endsWith(`${unit.name}/`) ? `…${unit.name}…` : ''),
        },
        { title: 'Kind', of: (unit) => unit.kind },
        { title: 'Step', align: 'right', of: (unit) => (unit.step === null ? '' : formatCount(unit.step)) },
        { title: 'State', of: (unit) => unit.state },
        { title: 'Files', align: 'right', of: (unit) => formatCount(unit.files) },
        { title: 'Bytes', align: 'right', of: (unit) => formatBytes(unit.bytes) },
        { title: 'Per month', align: 'right', of: (unit) => money(unit.monthlyNanoUsd) },
        { title: 'Written', of: (unit) => date(unit.lastWrite) },
        { title: 'Access', of: (unit) => `${unit.access.temperature}: ${unit.access.words}` },
        { title: 'Verdict', of: verdictWords },
      ],
      units,
    ),
    shown(total, units.length),
    units.some(({ verdict }) => verdict !== null) ? `Kept: ${policyInWords(policy)}.` : '',
    pricedAt(prices),
  );
}

const bytesOf = (group: UnitGroup, verdict: 'keep' | 'stale'): string => {
  const part = group.byVerdict[verdict];
  return part === undefined ? '' : `${formatCount(part.units)} (${formatBytes(part.bytes)})`;
};

export function groupsWords({ groups, total, policy, prices }: ResultOf<Extract<MethodName, 'units.groups'>>): string {
  return paragraphs(
    table(
      [
        { title: 'Id', align: 'right', of: (group) => String(group.groupId) },
        { title: 'Group', of: (group) => group.path || '(the whole bucket)' },
        { title: 'Units', align: 'right', of: (group) => formatCount(group.all.units) },
        { title: 'Complete', align: 'right', of: (group) => formatCount(group.complete) },
        { title: 'Bytes', align: 'right', of: (group) => formatBytes(group.all.bytes) },
        { title: 'Per month', align: 'right', of: (group) => money(group.all.monthlyNanoUsd) },
        { title: 'Written', of: (group) => date(group.lastWrite) },
        { title: 'Access', of: (group) => group.temperature },
        { title: 'Kept', align: 'right', of: (group) => bytesOf(group, 'keep') },
        { title: 'Stale', align: 'right', of: (group) => bytesOf(group, 'stale') },
      ],
      groups,
    ),
    shown(total, groups.length),
    groups.some(({ kind }) => kind === 'checkpoint') ? `Kept: ${policyInWords(policy)}.` : '',
    pricedAt(prices),
  );
}

export function explanationWords(explanation: KeyExplanation): string {
  const { unit } = explanation;
  return facts([
    ['Key', explanation.key],
    ['Kind', explanation.kind],
    ['Confidence', explanation.confidence ?? 'none'],
    ['Because', explanation.words],
    ['Rule', explanation.ruleId ?? 'none'],
    ...(unit === null
      ? []
      : ([
          ['Unit', unit.path],
          ['Unit state', [unit.state, ...unit.missing].join(': ')],
          ['Unit bytes', formatBytes(unit.bytes)],
          ['Access', `${unit.access.temperature}: ${unit.access.words}`],
          ...(unit.verdict === null ? [] : ([['Verdict', verdictWords(unit)]] as const)),
        ] as const)),
  ]);
}

export function settingsWords({ overrides, pins, keep, noise, usualNoise }: UnitSettings): string {
  return paragraphs(
    list(
      'Overrides, from the next scan on',
      overrides.map(({ id, glob, kind, unit }) => `${id}: ${glob} is ${kind}, by ${unit}`),
    ),
    list(
      'Pinned',
      pins.map(({ glob, note }) => (note === '' ? glob : `${glob}: ${note}`)),
    ),
    list(
      'Keep policies',
      keep.map(({ prefix, policy }) => `${prefix || '(the whole bucket)'}: ${policyInWords(policy)}`),
    ),
    list(`Readers that do not count${noise === undefined ? ' (the usual ones)' : ''}`, (noise ?? usualNoise).map(printable)),
  );
}
