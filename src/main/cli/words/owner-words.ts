import type { CostedThing, OwnerCosts, ThingCosts } from '../../../contract/owners.ts';
import { formatBytes, formatCount, formatInstant, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { money, pricedAt } from './index-words.ts';
import { facts, list, paragraphs, table } from './table.ts';

export function ownerCostWords(costs: OwnerCosts): string {
  return paragraphs(
    table(
      [
        { title: costs.by, of: (row) => row.owner ?? '(nobody)' },
        { title: 'Versions', align: 'right', of: (row) => formatCount(row.versions) },
        { title: 'Bytes', align: 'right', of: (row) => formatBytes(row.bytes) },
        { title: 'Noncurrent', align: 'right', of: (row) => formatBytes(row.noncurrentBytes) },
        { title: 'Own, per month', align: 'right', of: (row) => formatMoney(row.monthlyNanoUsd) },
        { title: 'Shared', align: 'right', of: (row) => formatMoney(row.sharedNanoUsd) },
        { title: 'Charged', align: 'right', of: (row) => formatMoney(row.chargedNanoUsd) },
      ],
      costs.rows,
    ),
    `${formatCount(costs.total.versions)} versions of ${formatBytes(costs.total.bytes)}, ${formatMoney(costs.total.monthlyNanoUsd)} per month. As of ${formatInstant(costs.asOf)}. ${pricedAt(costs.prices)}`,
    list('Warnings', costs.warnings),
  );
}

const ownerWords = ({ owner }: CostedThing): string =>
  [owner.team, owner.project, owner.environment, owner.costCentre].filter((name) => name !== null).join(' / ') || '(nobody)';

/** How a week compares with the one before. */
function change({ weekNanoUsd, weekBeforeNanoUsd }: CostedThing, isCompared: boolean): string {
  if (!isCompared || weekNanoUsd === null) return '';
  if (weekBeforeNanoUsd === null) return 'new';
  const more = BigInt(weekNanoUsd) - BigInt(weekBeforeNanoUsd);
  return more === 0n ? 'as before' : formatSaving(-more);
}

export function thingCostWords(costs: ThingCosts): string {
  const isCompared = costs.comparedWith !== null;
  return paragraphs(
    table(
      [
        { title: costs.per ?? 'What', of: (thing) => thing.path },
        { title: 'Owner', of: ownerWords },
        { title: 'Bytes', align: 'right', of: (thing) => formatBytes(thing.bytes) },
        { title: 'A month', align: 'right', of: (thing) => money(thing.monthlyNanoUsd) },
        { title: 'The week', align: 'right', of: (thing) => money(thing.weekNanoUsd) },
        ...(isCompared
          ? [{ title: 'Against the week before', align: 'right' as const, of: (thing: CostedThing) => change(thing, true) }]
          : []),
      ],
      costs.things,
    ),
    facts([
      ['How many', formatCount(costs.count)],
      ['Together', `${formatMoney(costs.totalNanoUsd)} per month`],
      ['Each on average', `${formatMoney(costs.meanNanoUsd)} per month`],
      ['The one in the middle', `${formatMoney(costs.medianNanoUsd)} per month`],
      ['Compared with', costs.comparedWith === null ? 'no snapshot of a week before' : formatInstant(costs.comparedWith)],
    ]),
    `As of ${formatInstant(costs.asOf)}. ${pricedAt(costs.prices)}`,
  );
}
