import type { ManagerReport } from '../../../contract/manager-report.ts';
import { csvLine, type Decimal } from '../delimited.ts';

type Line = readonly [section: string, item: string, figure: string, value: string | number | Decimal, unit: string];

/** Nano-USD -> dollars with all nine digits, exactly. */
function dollars(nanoUsd: string): string {
  const isNegative = nanoUsd.startsWith('-');
  const digits = (isNegative ? nanoUsd.slice(1) : nanoUsd).padStart(10, '0');
  return `${isNegative ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Every figure of the report on a line of its own: section, item, figure, value, unit. Money is in US dollars with nine digits. */
export function managerCsv(report: ManagerReport): string {
  const lines: Line[] = [];
  const add = (
    section: string,
    item: string,
    figures: Readonly<Record<string, string | number | null>>,
    unit: (name: string) => string,
  ): void => {
    for (const [name, value] of Object.entries(figures)) {
      const isMoney = name.endsWith('NanoUsd');
      const figure = isMoney ? name.slice(0, -'NanoUsd'.length) : name;
      const isNothing = value === null;
      lines.push([
        section,
        item,
        figure,
        isNothing ? '' : isMoney ? { decimal: dollars(String(value)) } : value,
        isNothing ? '' : isMoney ? 'USD' : unit(name),
      ]);
    }
  };
  const unitOf = (name: string): string =>
    /bytes/i.test(name) ? 'bytes' : /percent/i.test(name) ? '%' : /versions|Markers/.test(name) ? 'versions' : '';
  const {
    title,
    bucket,
    asOf,
    putOn,
    prices,
    versioning,
    appVersion,
    readsPercent,
    discountPercent,
    now,
    horizons,
    firstYearNanoUsd,
    reads,
    months,
    effects,
    blocked,
    owners,
    before,
    investment,
    frame,
  } = report;
  add(
    'report',
    '',
    {
      title,
      bucket,
      asOf,
      putOn,
      priceRegion: prices.region,
      priceAsOf: prices.asOf,
      regionAssumed: prices.assumed ? 'yes' : 'no',
      discountPercent,
      readsPercent,
      versioning,
      appVersion,
    },
    unitOf,
  );
  add('now', '', now, unitOf);
  for (const { months: length, range, ...figures } of horizons) {
    add('horizon', `${length} months`, { ...figures, savingAtLeastNanoUsd: range.low, savingAtMostNanoUsd: range.high }, unitOf);
  }
  add('first year', '', { savingNanoUsd: firstYearNanoUsd }, unitOf);
  for (const { percent, ...figures } of reads) add('reads', `${percent} % a month`, figures, unitOf);
  add('investment', `${investment.months} months`, { ...investment, months: investment.months }, unitOf);
  if (frame !== null) {
    const { egress, ...figures } = frame;
    add(
      'total cost of a month',
      '',
      { ...figures, egressLeastNanoUsd: egress?.leastNanoUsd ?? null, egressMostNanoUsd: egress?.mostNanoUsd ?? null },
      unitOf,
    );
  }
  for (const { code, reason, ...figures } of blocked) add('blocked', `${code}: ${reason}`, figures, unitOf);
  add('effects', 'removed', effects.expired, unitOf);
  add('effects', 'hidden', effects.hidden, unitOf);
  for (const { storageClass, ...figures } of effects.transitions) add('effects', `moved to ${storageClass}`, figures, unitOf);
  add('effects', '', { firstExpiration: effects.firstExpiration, firstTransition: effects.firstTransition }, unitOf);
  for (const { owner, ...figures } of owners?.rows ?? []) add(`owner by ${owners?.by ?? ''}`, owner ?? 'nobody', figures, unitOf);
  if (before !== null) {
    const { categories, ...figures } = before;
    add('before', '', figures, unitOf);
    for (const { category, ...own } of categories) add('since before', category, own, unitOf);
  }
  for (const { month, ...figures } of months) add('month', month, figures, (name) => (name === 'days' ? 'days' : unitOf(name)));
  for (const [at, rule] of report.rules.entries()) lines.push(['rule', String(at + 1), 'words', rule, '']);
  for (const words of report.redFlags) lines.push(['red flag', '', 'words', words, '']);
  for (const words of report.assumptions) lines.push(['assumption', '', 'words', words, '']);
  for (const words of report.warnings) lines.push(['warning', '', 'words', words, '']);
  return csvLine(['section', 'item', 'figure', 'value', 'unit']) + lines.map((line) => csvLine(line)).join('');
}
