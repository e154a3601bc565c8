import type { AccessSummary, AccessWindow, Egress } from '../../contract/access-views.ts';
import { TEMPERATURES } from '../../contract/unit-views.ts';
import type { Days } from '../../core/access/days.ts';
import { type EgressLine, egressOf } from '../../core/access/egress.ts';
import type { ReadTotals } from '../../core/access/fold.ts';
import { dayOf } from '../../core/report/format.ts';
import type { Unit } from '../../core/units/unit-builder.ts';
import type { Advice } from './advice.ts';

const MOST_READERS = 50;
const MOST_GAPS = 50;

export interface AccessQuery {
  readonly prefix: string;
  readonly sort: 'cost' | 'bytes' | 'repeats' | 'crossRegion';
  readonly offset: number;
  readonly limit: number;
}

/** What is known of who reads a bucket, and what that costs. */
export function accessSummary(advice: Advice, query: AccessQuery): AccessSummary {
  const { access, view, bucket, asOfMs } = advice;
  const totals = access.totals.filter(({ place }) => place.path.startsWith(query.prefix) || place.path === '');
  const lines = egressLines(advice, totals, query);
  const readers = readersOf(advice, totals);
  return {
    bucket,
    asOf: view.asOf,
    prices: view.prices,
    window: access.days.size === 0 ? null : windowOf(access.days, dayOf(asOfMs)),
    files: access.files,
    lines: access.lines,
    malformed: access.malformed,
    partial: access.partial,
    temperatures: temperaturesOf(advice, query.prefix),
    readers: readers.slice(0, MOST_READERS),
    totalReaders: readers.length,
    egress: lines.slice(query.offset, query.offset + query.limit),
    totalEgress: lines.length,
    caveats: caveatsOf(advice),
  };
}

function windowOf(days: Days, today: number): AccessWindow {
  const { runs } = days;
  const [first, last] = [(runs[0] as { first: number }).first, (runs.at(-1) as { last: number }).last];
  const gaps = runs.slice(1).map((run, at) => ({ from: (runs[at] as { last: number }).last + 1, to: run.first - 1 }));
  const unbroken = runs.find((run) => run.first < today && run.last >= today - 1);
  return {
    firstDay: first,
    lastDay: last,
    days: days.size,
    ofDays: last - first + 1,
    missing: gaps.slice(-MOST_GAPS).map(({ from, to }) => ({ firstDay: from, lastDay: to, days: to - from + 1 })),
    unbrokenDays: unbroken ? today - unbroken.first : 0,
  };
}

function temperaturesOf({ units, ageOf }: Advice, prefix: string): AccessSummary['temperatures'] {
  const sums = new Map(TEMPERATURES.map((temperature) => [temperature, { temperature, units: 0, bytes: 0 }]));
  for (const unit of units) {
    if (unit.judgement.state === 'gone' || !unit.path.startsWith(prefix)) continue;
    const sum = sums.get(ageOf(unit).temperature);
    if (!sum) continue;
    sum.units += 1;
    sum.bytes += unit.currentBytes;
  }
  return [...sums.values()];
}

function readersOf(advice: Advice, totals: readonly ReadTotals[]): AccessSummary['readers'] {
  const readers = new Map<string, AccessSummary['readers'][number]>();
  for (const { reader, reads, wholeReads, bytesSent, lastReadMs } of totals) {
    const id = `${reader.requester}\n${reader.agent}`;
    const lastRead = new Date(lastReadMs).toISOString();
    const known = readers.get(id);
    if (!known) {
      readers.set(id, { ...reader, reads, wholeReads, bytesSent, lastRead, counts: !advice.isNoise(reader) });
      continue;
    }
    known.reads += reads;
    known.wholeReads += wholeReads;
    known.bytesSent += bytesSent;
    if (lastRead > known.lastRead) known.lastRead = lastRead;
  }
  return [...readers.values()].sort((a, b) => b.bytesSent - a.bytesSent || b.reads - a.reads || (a.requester < b.requester ? -1 : 1));
}

const compare = (a: bigint | null, b: bigint | null): number => ((a ?? 0n) === (b ?? 0n) ? 0 : (a ?? 0n) > (b ?? 0n) ? -1 : 1);

function egressLines(advice: Advice, totals: readonly ReadTotals[], { sort }: AccessQuery): Egress[] {
  const { view, isNoise } = advice;
  const unitAt = new Map<string, Unit>();
  for (const unit of totals.length === 0 ? [] : advice.units) unitAt.set(`${unit.kind}\n${unit.path}`, unit);
  const prices = { region: view.prices.assumed ? null : view.prices.region, internetNanoUsdPerGb: view.price.list.internetNanoUsdPerGb };
  const lines = totals.filter(({ bytesSent }) => bytesSent > 0).map((one) => egressOf(one, prices));
  const unitOf = ({ totals: { place } }: EgressLine): Unit | undefined => unitAt.get(`${place.kind}\n${place.path}`);
  const times = (line: EgressLine): number | null => {
    const bytes = unitOf(line)?.currentBytes ?? 0;
    return bytes === 0 ? null : line.totals.bytesSent / bytes;
  };
  const bytes = ({ totals: one }: EgressLine): number => one.bytesSent;
  const measures: Record<AccessQuery['sort'], (a: EgressLine, b: EgressLine) => number> = {
    cost: (a, b) => compare(a.leastNanoUsd, b.leastNanoUsd) || compare(a.mostNanoUsd, b.mostNanoUsd),
    bytes: () => 0,
    repeats: (a, b) => (times(b) ?? 0) - (times(a) ?? 0),
    crossRegion: (a, b) => b.crossRegionBytes - a.crossRegionBytes,
  };
  const sorted = lines.sort((a, b) => measures[sort](a, b) || bytes(b) - bytes(a) || (a.totals.place.path < b.totals.place.path ? -1 : 1));
  return sorted.map((line) => {
    const { place, reader, reads, bytesSent, lastReadMs } = line.totals;
    return {
      path: place.path,
      kind: place.type === 'unit' ? (place.kind as NonNullable<Egress['kind']>) : null,
      ...reader,
      counts: !isNoise(reader),
      reads,
      bytesSent,
      timesRead: times(line),
      bytesByRegion: [...line.byRegion],
      crossRegionBytes: line.crossRegionBytes,
      leastNanoUsd: line.leastNanoUsd === null ? null : String(line.leastNanoUsd),
      mostNanoUsd: line.mostNanoUsd === null ? null : String(line.mostNanoUsd),
      lastRead: new Date(lastReadMs).toISOString(),
    };
  });
}

function caveatsOf({ access, asOfMs, view }: Advice): string[] {
  const caveats: string[] = [];
  if (access.days.size === 0) return ['No access logs were read: what is old may be read every day.'];
  const last = access.days.runs.at(-1)?.last ?? 0;
  const behind = dayOf(asOfMs) - 1 - last;
  if (behind > 0) caveats.push(`The logs end ${behind} ${behind === 1 ? 'day' : 'days'} before the snapshot; reads since are unknown.`);
  caveats.push('Server access logs are delivered as well as S3 can, without a promise: a day counts as logged with its first line.');
  if (access.malformed > 0) caveats.push(`${access.malformed} lines could not be read.`);
  if (view.prices.assumed) caveats.push('The Region of the bucket is not known, so neither is what left it.');
  return caveats;
}
