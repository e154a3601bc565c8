import type { Basket, Proposal, ProposalKind, ProposalOptions, ProposalSum, Proposals } from '../../contract/proposals.ts';
import { PROPOSAL_KINDS } from '../../contract/proposals.ts';
import { ok, type Result } from '../../contract/result.ts';
import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import { policyFor } from '../../core/keep/policies.ts';
import { worst } from '../../core/proposals/draft.ts';
import { firstYear, type Lots, type Year } from '../../core/proposals/money.ts';
import { type ProposalSet, propose, type Sized } from '../../core/proposals/propose.ts';
import { readsKnown } from '../../core/proposals/reads.ts';
import { counted, sentenceOf } from '../../core/proposals/sentence.ts';
import { formatCount } from '../../core/report/format.ts';
import type { Advice } from './advice.ts';

const MOST_SETS = 4;
const MOST_EXAMPLES = 5;
const DAY_MS = 86_400_000;

/** By the facts of an advice: those of a changed index or workspace are others. */
const made = new WeakMap<Advice['facts'], Map<string, ProposalSet>>();

/** All proposals under some options; made once while the index and what is known beside it stay as they are. */
export function proposalSet(advice: Advice, options: ProposalOptions): Result<ProposalSet> {
  const key = `${advice.view.price.list.region} ${JSON.stringify(options)}`;
  const sets = made.get(advice.facts) ?? new Map<string, ProposalSet>();
  const known = sets.get(key);
  if (known) return ok(known);
  const { view, settings } = advice;
  const stored = view.reader.uploads(view.snapshotId, '');
  if (!stored.ok) return stored;
  const totals = view.reader.uploadTotals(view.snapshotId, '');
  if (!totals.ok) return totals;
  const set = propose({
    cube: view.cube,
    units: advice.units,
    groups: advice.groups,
    facts: advice.facts,
    references: advice.references,
    verdicts: advice.verdicts(options.policy),
    ageOf: advice.ageOf,
    days: advice.access.days,
    asOfMs: advice.asOfMs,
    options,
    list: view.price.list,
    uploads: totals.value === null ? null : stored.value,
    policyOf: (run) => options.policy ?? policyFor(run, settings.keep),
  });
  if (sets.size >= MOST_SETS) sets.delete(sets.keys().next().value as string);
  sets.set(key, set);
  made.set(advice.facts, sets);
  return ok(set);
}

export interface ProposalQuery {
  readonly kinds?: readonly ProposalKind[] | undefined;
  readonly prefix: string;
  readonly options: ProposalOptions;
  readonly sort: 'saving' | 'bytes' | 'firstYear' | 'path';
  readonly offset: number;
  readonly limit: number;
}

/** By first year, so many of those that save most a month are asked for. */
const MOST_YEARS = 500;

export function proposalsPage(advice: Advice, query: ProposalQuery): Result<Proposals> {
  const set = proposalSet(advice, query.options);
  if (!set.ok) return set;
  const kinds = new Set(query.kinds ?? PROPOSAL_KINDS);
  const found = set.value.proposals.filter(({ kind, path }) => kinds.has(kind) && path.startsWith(query.prefix));
  const years = new Map<number, Year | null>();
  const yearOf = (proposal: Sized): Year | null => {
    const known = years.get(proposal.number);
    if (known !== undefined) return known;
    const year = yearOfProposals(advice, set.value, [proposal]);
    years.set(proposal.number, year);
    return year;
  };
  // Money beyond 2^53 nano-dollars loses its last digits here, where it only decides an order.
  const compareNano = (a: string | null, b: string | null): number => Number(b ?? -1) - Number(a ?? -1);
  const byPath = (a: Sized, b: Sized): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.kind < b.kind ? -1 : 1);
  const bySaving = (a: Sized, b: Sized): number => compareNano(a.monthlyNanoUsd, b.monthlyNanoUsd) || b.bytes - a.bytes || byPath(a, b);
  let sorted = [...found].sort(
    query.sort === 'path' ? byPath : query.sort === 'bytes' ? (a, b) => b.bytes - a.bytes || byPath(a, b) : bySaving,
  );
  if (query.sort === 'firstYear') {
    const asked = sorted.slice(0, MOST_YEARS);
    asked.sort((a, b) => compareNano(yearOf(a)?.firstYearNanoUsd ?? null, yearOf(b)?.firstYearNanoUsd ?? null) || bySaving(a, b));
    sorted = [...asked, ...sorted.slice(MOST_YEARS)];
  }
  const page = sorted.slice(query.offset, query.offset + query.limit);
  return ok({
    bucket: advice.bucket,
    asOf: advice.view.asOf,
    prices: advice.view.prices,
    sums: PROPOSAL_KINDS.filter((kind) => kinds.has(kind)).map((kind) => sumOf(advice, kind, found, query.options)),
    total: sorted.length,
    proposals: page.map((proposal) => viewOf(advice, proposal, yearOf(proposal))),
    caveats: caveatsOf(advice),
  });
}

const nothing = (kind: ProposalKind): ProposalSum => ({
  kind,
  proposals: 0,
  count: 0,
  versions: 0,
  bytes: 0,
  monthlyNanoUsd: '0',
  sentence: sentenceOf({ kind, count: 0, bytes: 0, monthlyNanoUsd: '0', use: '' }),
});

function sumOf(advice: Advice, kind: ProposalKind, found: readonly Sized[], options: ProposalOptions): ProposalSum {
  const own = found.filter((proposal) => proposal.kind === kind);
  if (own.length === 0) return nothing(kind);
  let monthly: bigint | null = 0n;
  const sum = { count: 0, versions: 0, bytes: 0 };
  for (const { count, versions, bytes, monthlyNanoUsd } of own) {
    sum.count += count;
    sum.versions += versions;
    sum.bytes += bytes;
    monthly = monthly === null || monthlyNanoUsd === null ? null : monthly + BigInt(monthlyNanoUsd);
  }
  const monthlyNanoUsd = monthly === null ? null : String(monthly);
  const sentence = sentenceOf({ kind, count: sum.count, bytes: sum.bytes, monthlyNanoUsd, use: readsInWords(advice, kind, own, options) });
  return { kind, proposals: own.length, ...sum, monthlyNanoUsd, sentence };
}

/** "nothing in use" is said only where every day that counts has a log, and none tells of a read. */
function readsInWords(advice: Advice, kind: ProposalKind, own: readonly Sized[], options: ProposalOptions): string {
  if (kind !== 'checkpoint' && kind !== 'unfinished' && kind !== 'experiment') return '';
  const readDays = options.policy?.readDays ?? Math.max(...own.map(({ path }) => policyFor(path, advice.settings.keep).readDays));
  if (readDays === 0) return 'reads not asked for';
  const reads = readsKnown({ days: advice.access.days, asOfMs: advice.asOfMs }, readDays);
  if (!reads.isKnown) return reads.words;
  const from = advice.asOfMs - readDays * DAY_MS;
  const used = own.reduce((sum, { units }) => sum + units.filter((unit) => (advice.lastReadMs(unit) ?? 0) > from).length, 0);
  return used === 0 ? 'nothing in use' : `${formatCount(used)} in use`;
}

function viewOf(advice: Advice, proposal: Sized, year: Year | null): Proposal {
  const { units, kind } = proposal;
  const temperatures: NonNullable<Proposal['temperatures']> = {};
  for (const unit of units) {
    const { temperature } = advice.ageOf(unit);
    temperatures[temperature] = (temperatures[temperature] ?? 0) + 1;
  }
  const place = proposal.path === '' ? 'the whole bucket' : proposal.path;
  return {
    id: proposal.id,
    kind,
    path: proposal.path,
    count: proposal.count,
    words: `${counted(kind, proposal.count)} in ${place}`,
    action: proposal.action,
    versions: proposal.versions,
    bytes: proposal.bytes,
    bytesByClass: classesOf(advice, proposal),
    monthlyNanoUsd: proposal.monthlyNanoUsd,
    firstYearNanoUsd: year?.firstYearNanoUsd ?? null,
    feesNanoUsd: year?.feesNanoUsd ?? null,
    paybackDay: year?.paybackDay ?? null,
    risk: proposal.risk,
    risks: [...proposal.risks],
    confidence: proposal.confidence,
    evidence: proposal.evidence.filter((words) => words !== ''),
    temperatures,
    protected: proposal.protected.map((part) => ({ ...part, examples: [...part.examples] })),
    examples: [...units]
      .sort((a, b) => (a.step ?? 0) - (b.step ?? 0))
      .slice(0, MOST_EXAMPLES)
      .map(({ path, name }) => (path.endsWith('/') && !path.endsWith(`${name}/`) ? `${path}…${name}…` : path)),
  };
}

function classesOf(advice: Advice, { bytesByClass }: Sized): [string, number][] {
  const sums = new Map<string, number>();
  for (const [classId, bytes] of bytesByClass) {
    const name = advice.view.cube.classes[classId]?.storageClass ?? '';
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  const place = (name: string): number => {
    const at = STORAGE_CLASSES.findIndex((known) => known.name === name);
    return at < 0 ? STORAGE_CLASSES.length : at;
  };
  return [...sums].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** The year of some proposals together, or null where a price is missing. */
function yearOfProposals(advice: Advice, set: ProposalSet, proposals: readonly Sized[]): Year | null {
  const lots = new Map<string, { action: Lots['action']; cells: number[]; uploads: NonNullable<Lots['uploads']>[number][] }>();
  for (const proposal of proposals) {
    if (proposal.action.do === 'rewrite') continue;
    const key = JSON.stringify(proposal.action);
    const lot = lots.get(key) ?? { action: proposal.action, cells: [], uploads: [] };
    lots.set(key, lot);
    for (const cell of set.cellsOf(proposal)) lot.cells.push(cell);
    for (const { storageClass, initiatedMs, bytes } of proposal.uploads) {
      if (bytes === null) return null;
      const [writtenDay, clockDay] = [Math.floor(initiatedMs / DAY_MS), Math.ceil(initiatedMs / DAY_MS)];
      lot.uploads.push({ storageClass, writtenDay, clockDay, count: 1, bytes });
    }
  }
  return lots.size === 0 ? null : firstYear(advice.view.cube, advice.view.price.list, [...lots.values()]);
}

export function basketOf(advice: Advice, ids: readonly string[], options: ProposalOptions): Result<Basket> {
  const set = proposalSet(advice, options);
  if (!set.ok) return set;
  const { found, unknown } = chosen(set.value, ids);
  let monthly: bigint | null = 0n;
  for (const { monthlyNanoUsd } of found) monthly = monthly === null || monthlyNanoUsd === null ? null : monthly + BigInt(monthlyNanoUsd);
  const year = yearOfProposals(advice, set.value, found);
  return ok({
    asOf: advice.view.asOf,
    prices: advice.view.prices,
    proposals: found.length,
    versions: found.reduce((sum, { versions }) => sum + versions, 0),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    monthlyNanoUsd: monthly === null ? null : String(monthly),
    firstYearNanoUsd: found.length === 0 ? '0' : (year?.firstYearNanoUsd ?? null),
    feesNanoUsd: found.length === 0 ? '0' : (year?.feesNanoUsd ?? null),
    paybackDay: year?.paybackDay ?? null,
    risk: worst(found.map(({ risk }) => risk)),
    unknown,
  });
}

/** Proposals by their ids, each once. */
export function chosen(set: ProposalSet, ids: readonly string[]): { readonly found: Sized[]; readonly unknown: string[] } {
  const byId = new Map(set.proposals.map((proposal) => [proposal.id, proposal]));
  const asked = [...new Set(ids)];
  return { found: asked.flatMap((id) => byId.get(id) ?? []), unknown: asked.filter((id) => !byId.has(id)) };
}

function caveatsOf({ access, view }: Advice): string[] {
  const caveats = [...view.warnings];
  if (access.days.size === 0) caveats.push('No access logs were read: what is old may be read every day. See "isotherm access".');
  if (!view.cube.allVersions) caveats.push('The snapshot holds current versions alone: what was replaced or deleted is not in it.');
  return caveats;
}
