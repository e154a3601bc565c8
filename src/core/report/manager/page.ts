import type { ManagerReport, ReportHorizon } from '../../../contract/manager-report.ts';
import { formatBytes, formatCount, formatInstant, formatMoney, formatSaving, formatShare, toUsd } from '../format.ts';
import { type Html, html, page } from '../html.ts';
import { costChart } from './chart.ts';

/** Paper that the page fits on, whichever it is printed on. */
export const PAPERS = ['a4', 'letter'] as const;
export type Paper = (typeof PAPERS)[number];

const style = (paper: Paper): string => `
:root{color-scheme:light}*{box-sizing:border-box}
@page{size:${paper === 'a4' ? 'A4' : 'Letter'};margin:8mm 11mm}
body{font:8.2pt/1.26 Inter,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;color:#1c1917;margin:0 auto;max-width:188mm;padding:10mm 0}
h1{font-size:14pt;line-height:1.15;margin:0;overflow-wrap:anywhere}
h2{font-size:8.6pt;margin:4px 0 1px;border-bottom:1px solid #d6d3d1;padding-bottom:1px}
p{margin:2px 0}.t{color:#57534e;font-size:7.4pt;overflow-wrap:anywhere}
.lead{font-size:9.6pt;line-height:1.25;margin:4px 0 2px;padding:4px 8px;background:#f5f5f4;border-left:3px solid #166534}
.lead.bad{border-color:#b91c1c}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 8mm}.two>*{min-width:0}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.6px 6px .6px 0;border-bottom:1px solid #e7e5e4;overflow-wrap:break-word}td.o{overflow-wrap:anywhere}
th{font-weight:600;color:#57534e}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-right:0;padding-left:6px}
tr.sum td{font-weight:700}tr.sub td{color:#57534e;border-bottom:0}tr.sub td:first-child{padding-left:8px}
ul{margin:2px 0;padding-left:12px}li{overflow-wrap:anywhere}
.d{font-size:7.2pt}.d td.n,.d th.n{padding-left:4px}.fine{font-size:6pt;line-height:1.2;color:#57534e;columns:2;column-gap:8mm}.fine ul{margin:0}
.flag{color:#b91c1c}
svg{width:100%;height:auto;display:block}svg text{font-size:8px;fill:#57534e}svg .a{text-anchor:end}svg .m{text-anchor:middle}svg .s{text-anchor:start}
svg .g{stroke:#e7e5e4;stroke-width:1}svg polyline{fill:none;stroke-width:1.8;stroke-linejoin:round}
svg .b{stroke:#78716c}svg .p{stroke:#166534}svg .f{stroke:#ca8a04;stroke-dasharray:3 2;stroke-width:1.2}
.k{font-size:7pt;color:#57534e}.k span{margin-right:6px}.k span::before{content:"";display:inline-block;width:12px;border-top:2px solid;margin-right:3px;vertical-align:middle}
.kb::before{border-color:#78716c!important}.kp::before{border-color:#166534!important}.kf::before{border-color:#ca8a04!important;border-top-style:dashed!important}
@media print{body{padding:0;max-width:none}}
`;

const MOST_RULES = 4;
const MOST_OWNERS = 6;
const MOST_CATEGORIES = 4;
const MOST_FLAGS = 1;
/** Characters of what the figures rest on, all notes together. */
const MOST_NOTES = 1700;

/** At most so many characters, so that no name can push the page over its end. */
const cut = (text: string, most: number): string => ([...text].length <= most ? text : `${[...text].slice(0, most - 1).join('')}…`);

/** The first texts that have so many characters together. */
function fitting(texts: readonly string[], most: number): string[] {
  let left = most;
  return texts.filter((text) => {
    left -= text.length;
    return left >= 0;
  });
}

const money = (nanoUsd: string | null): string => (nanoUsd === null ? 'no price' : formatMoney(nanoUsd));
const change = (nanoUsd: bigint): string => (nanoUsd > 0n ? `+${formatMoney(nanoUsd)}` : formatMoney(nanoUsd));
const changeOfBytes = (bytes: number): string => (bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes));
const moreOf = (shown: number, all: number, what: string): readonly Html[] =>
  all > shown ? [html`<p class="t">and ${formatCount(all - shown)} more ${what}</p>`] : [];

function lead({ firstYearNanoUsd, horizons, reads }: ManagerReport): Html {
  const [short] = horizons;
  const pays = short?.paybackDay ?? null;
  const worst = reads.at(-1);
  const isBad = BigInt(firstYearNanoUsd) < 0n;
  return html`<p class="lead${isBad ? ' bad' : ''}"><b>In the first year the plan ${wouldSave(firstYearNanoUsd)}</b>, one-time fees of ${money(short?.feesNanoUsd ?? '0')} within ${short?.months ?? 0} months taken off. ${pays === null ? 'It does not pay back within that time.' : html`It would have paid back by <b>${pays}</b>.`}${worst === undefined ? '' : html` Were ${worst.percent} % of the bytes read back every month, it ${wouldSave(worst.firstYearNanoUsd)}.`}</p>`;
}

const wouldSave = (nanoUsd: string): string => formatSaving(nanoUsd).replace('saves', 'would save').replace('costs', 'would cost');

function horizonTable(horizons: readonly ReportHorizon[]): Html {
  const line = (title: string, of: (one: ReportHorizon) => string, className = ''): Html =>
    html`<tr class="${className}"><td>${title}</td>${horizons.map((one) => html`<td class="n">${of(one)}</td>`)}</tr>`;
  return html`<table><tr><th>Storage and fees</th>${horizons.map(({ months }) => html`<th class="n">${months} months</th>`)}</tr>
${line('As it is', ({ baselineNanoUsd }) => money(baselineNanoUsd))}
${line('Under the plan', ({ planNanoUsd }) => money(planNanoUsd))}
${line('One-time fees', ({ feesNanoUsd }) => money(feesNanoUsd))}
${line('moving objects', ({ transitionNanoUsd }) => money(transitionNanoUsd), 'sub')}
${line('early deletion', ({ earlyDeletionNanoUsd }) => money(earlyDeletionNanoUsd), 'sub')}
${line('reading back', ({ retrievalNanoUsd }) => money(retrievalNanoUsd), 'sub')}
${line('Net saving', ({ savingNanoUsd }) => money(savingNanoUsd), 'sum')}
${line('at least', ({ range }) => money(range.low), 'sub')}
${line('at most', ({ range }) => money(range.high), 'sub')}
${line('Paid back by', ({ paybackDay }) => paybackDay ?? 'not within')}
${line('Horizon ends before', ({ until }) => until, 'sub')}</table>`;
}

function readsTable({ reads, horizons }: ManagerReport): Html {
  const months = horizons.at(-1)?.months ?? 0;
  return html`<h2>If so much were read back every month</h2><table class="d">
<tr><th>Read</th><th class="n">Fees</th><th class="n">First year</th><th class="n">${months} months</th><th class="n">Paid back</th></tr>
${reads.map(({ percent, feesNanoUsd, firstYearNanoUsd, savingNanoUsd, paybackDay }) => html`<tr><td>${percent} %</td><td class="n">${money(feesNanoUsd)}</td><td class="n">${money(firstYearNanoUsd)}</td><td class="n">${money(savingNanoUsd)}</td><td class="n">${paybackDay ?? 'never'}</td></tr>`)}</table>`;
}

function investmentTable({ investment }: ManagerReport): Html {
  const { months, beforeNanoUsd, afterNanoUsd, feesNanoUsd, effortNanoUsd, savingNanoUsd, returnPercent, paybackMonth } = investment;
  const rows: readonly [string, string, string][] = [
    ['Before', money(beforeNanoUsd), ''],
    ['After', money(afterNanoUsd), ''],
    ['Fees to S3', money(feesNanoUsd), ''],
    ['Work to put it', money(effortNanoUsd), ''],
    ['Saving', money(savingNanoUsd), 'sum'],
    ['Return', returnPercent === null ? 'no cost to set it against' : `${formatCount(returnPercent)} %`.replace('-', '−'), ''],
    ['Earned by the end of', paybackMonth ?? 'not within 36 months', ''],
  ];
  return html`<h2>Return on investment, ${months} months</h2><table>${rows.map(([title, value, className]) => html`<tr class="${className}"><td>${title}</td><td class="n">${value}</td></tr>`)}</table>`;
}

function frameTable({ frame }: ManagerReport): Html | string {
  if (frame === null) return '';
  const { trainNanoUsd, inferNanoUsd, storeNanoUsd, storeAfterNanoUsd, egress, totalNanoUsd } = frame;
  const out =
    egress === null
      ? 'not known'
      : egress.leastNanoUsd === egress.mostNanoUsd
        ? money(egress.leastNanoUsd)
        : `${money(egress.leastNanoUsd)} to ${money(egress.mostNanoUsd)}`;
  return html`<h2>Total cost of a month</h2><p>Training ${money(trainNanoUsd)} + inference ${money(inferNanoUsd)} + storage ${money(storeNanoUsd)} + leaving the Region ${out}${egress?.from === 'logs' ? ` (by ${formatCount(egress.days ?? 0)} days of logs)` : ''} = <b>${egress === null ? 'at least ' : ''}${money(totalNanoUsd)}</b>. With the plan storage would be ${money(storeAfterNanoUsd)}, fees in it, on average of 12 months.</p>`;
}

function blockedTable({ blocked }: ManagerReport): Html {
  if (blocked.length === 0)
    return html`<h2>What the plan cannot touch</h2><p>Nothing: no version its rules would act on is kept from them.</p>`;
  return html`<h2>What the plan cannot touch</h2><table class="d">${blocked.map(({ reason, versions, bytes }) => html`<tr><td class="o">${cut(reason, 86)}</td><td class="n">${formatBytes(bytes)}<br>${formatCount(versions)} versions</td></tr>`)}</table>`;
}

function ownersTable({ owners, now }: ManagerReport): Html | string {
  if (owners === null) return '';
  const shown = owners.rows.slice(0, MOST_OWNERS);
  const share = (nanoUsd: string): string => (now.monthlyNanoUsd === '0' ? '' : formatShare(toUsd(nanoUsd) / toUsd(now.monthlyNanoUsd)));
  return html`<h2>Whose it is, a month as it is</h2><table class="d">${shown.map(({ owner, bytes, monthlyNanoUsd }) => html`<tr><td class="o">${owner === null ? "nobody's" : cut(owner, 24)}</td><td class="n">${formatBytes(bytes)}</td><td class="n">${money(monthlyNanoUsd)}</td><td class="n">${share(monthlyNanoUsd)}</td></tr>`)}</table>${moreOf(shown.length, owners.rows.length, 'owners')}`;
}

function changedTable({ before, now }: ManagerReport): Html {
  if (before === null) return html`<h2>Since last time</h2><p>There is no earlier snapshot like this one to compare with.</p>`;
  const shown = before.categories.filter((one) => one.bytes !== one.bytesBefore).slice(0, MOST_CATEGORIES);
  const moneyChange = BigInt(now.monthlyNanoUsd) - BigInt(before.monthlyNanoUsd);
  return html`<h2>Since ${formatInstant(before.asOf)}, at the same prices</h2><table>
<tr class="sum"><td>Everything</td><td class="n">${changeOfBytes(now.bytes - before.bytes)}</td><td class="n">${change(moneyChange)} a month</td></tr>
${shown.map(({ category, bytes, bytesBefore, monthlyNanoUsd, monthlyBeforeNanoUsd }) => html`<tr><td>${category}</td><td class="n">${changeOfBytes(bytes - bytesBefore)}</td><td class="n">${monthlyNanoUsd === null || monthlyBeforeNanoUsd === null ? 'no price' : `${change(BigInt(monthlyNanoUsd) - BigInt(monthlyBeforeNanoUsd))} a month`}</td></tr>`)}</table>`;
}

function effectWords({ effects }: ManagerReport): string {
  const { expired, hidden, transitions, firstExpiration, firstTransition } = effects;
  const parts = [
    ...transitions.map(({ storageClass, bytes }) => `move ${formatBytes(bytes)} to ${storageClass}`),
    ...(expired.versions > 0 ? [`remove ${formatBytes(expired.bytes)} (${formatCount(expired.versions)} versions) for good`] : []),
    ...(hidden.versions > 0 ? [`hide ${formatBytes(hidden.bytes)} (${formatCount(hidden.versions)} versions)`] : []),
  ];
  if (parts.length === 0) return 'Within 36 months it would do nothing to what is there.';
  const first = [
    ...(firstTransition === null ? [] : [`first move ${firstTransition}`]),
    ...(firstExpiration === null ? [] : [`first removal ${firstExpiration}`]),
  ];
  return `Within 36 months it would ${parts.join(', ')}${first.length === 0 ? '' : `; ${first.join(', ')}`}.`;
}

/** The report as one page of HTML that loads and runs nothing. */
export function managerPage(report: ManagerReport, paper: Paper = 'a4'): string {
  const { title, bucket, now, asOf, prices, putOn, rules, redFlags, assumptions, warnings, appVersion, discountPercent, readsPercent } =
    report;
  const notes = [...warnings, ...assumptions];
  const shown = fitting(
    notes.map((note) => cut(note, 300)),
    MOST_NOTES,
  );
  const body = html`<h1>${cut(title, 56)}</h1>
<p class="t">${cut(bucket, 63)} as of ${formatInstant(asOf)} · ${formatBytes(now.bytes)} in ${formatCount(now.versions)} versions, ${formatBytes(now.noncurrentBytes)} of it noncurrent · ${money(now.monthlyNanoUsd)} a month at list prices of ${prices.asOf} in ${prices.region}${prices.assumed ? ', assumed' : ''}${discountPercent === null ? '' : `; the plan's figures with ${discountPercent} % off`}</p>
${lead(report)}
${redFlags.slice(0, MOST_FLAGS).map((flag) => html`<p class="flag">${cut(flag, 200)}</p>`)}${moreOf(Math.min(redFlags.length, MOST_FLAGS), redFlags.length, 'such')}
<div class="two"><div>${horizonTable(report.horizons)}</div><div>${costChart(report.months)}
<p class="t">${effectWords(report)}${readsPercent === 0 ? '' : ` ${readsPercent} % of the bytes are taken as read back a month.`}</p></div></div>
<div class="two"><div>${readsTable(report)}${ownersTable(report)}${changedTable(report)}</div><div>${investmentTable(report)}${blockedTable(report)}</div></div>
${frameTable(report)}
<h2>The plan, put on ${putOn}</h2><ul>${rules.slice(0, MOST_RULES).map((rule) => html`<li>${cut(rule, 112)}</li>`)}</ul>${moreOf(Math.min(rules.length, MOST_RULES), rules.length, 'rules')}
<h2>What this rests on</h2><div class="fine"><ul>${shown.map((line) => html`<li>${line}</li>`)}</ul>${moreOf(shown.length, notes.length, 'notes, in the JSON and CSV forms')}</div>
<p class="t">Isotherm ${appVersion}. Money is exact to the nano-dollar and rounded once, here.</p>`;
  return page(title, style(paper), body);
}
