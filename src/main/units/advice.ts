import type { Snapshot } from '../../contract/index-views.ts';
import type { KeepPolicy } from '../../contract/keep.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { AccessAge, UnitSettings } from '../../contract/unit-views.ts';
import type { ReadTotals } from '../../core/access/fold.ts';
import { noiseFilter, USUAL_NOISE } from '../../core/access/readers.ts';
import { ageInWords, ageOf, type Known, USUAL_BOUNDS } from '../../core/access/temperature.ts';
import { UnitReads } from '../../core/access/unit-reads.ts';
import type { Kept, Member } from '../../core/keep/member.ts';
import { keepAll } from '../../core/keep/policies.ts';
import { type References, referencesOf } from '../../core/keep/references.ts';
import { dayOf } from '../../core/report/format.ts';
import type { Group, Unit } from '../../core/units/unit-builder.ts';
import { UnitFacts } from '../../core/units/unit-facts.ts';
import { accessIn, pointersIn, type StoredAccess, type StoredPointer, type StoredTracker, trackersIn } from '../index/evidence-rows.ts';
import { readFrom } from '../index/small-changes.ts';
import { settingsIn } from '../index/unit-settings.ts';
import { openView, type View } from '../index/views/view.ts';
import type { PricePlaces } from '../prices.ts';

/** The units of a snapshot with all that is known of them: what every answer about units starts from. */
export interface Advice {
  readonly view: View;
  readonly bucket: string;
  readonly isSample: boolean;
  readonly asOfMs: number;
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
  readonly facts: UnitFacts;
  readonly settings: UnitSettings;
  readonly references: References;
  readonly access: StoredAccess;
  readonly trackers: readonly StoredTracker[];
  readonly pointers: readonly StoredPointer[];
  /** Reads that count, and all of them. */
  readsOf(unit: Unit): readonly ReadTotals[];
  isNoise(reader: ReadTotals['reader']): boolean;
  ageOf(unit: Unit): AccessAge;
  /** By any reader that counts; null where none was seen. */
  lastReadMs(unit: Unit): number | null;
  /** What the keep policies of the workspace, or one that is tried, make of every checkpoint. */
  verdicts(tried?: KeepPolicy): ReadonlyMap<number, Kept>;
}

/** By reader: a changed file has another one. */
const made = new WeakMap<View['reader'], Map<string, Omit<Advice, 'view'>>>();
const MOST_POLICIES = 8;

/** Opens the units of a snapshot. What is expensive is made once for as long as the index stays as it is. */
export async function openAdvice(
  at: { readonly index: string; readonly snapshotId?: string | undefined; readonly region?: string | undefined },
  places: PricePlaces,
): Promise<Result<Advice>> {
  const view = await openView(at, places);
  if (!view.ok) return view;
  const { reader, snapshotId } = view.value;
  const known = made.get(reader)?.get(snapshotId);
  if (known) return ok({ view: view.value, ...known });
  const snapshot = reader.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const { bucket, isSample } = snapshot.value;
  const evidence = readFrom(
    at.index,
    (database): Evidence => ({
      settings: settingsIn(database),
      access: accessIn(database, bucket),
      pointers: pointersIn(database, bucket),
      trackers: trackersIn(database),
    }),
  );
  if (!evidence.ok) return evidence;
  const units = reader.units(snapshotId);
  if (!units.ok) return units;
  const advice = makeAdvice(view.value, { bucket, isSample }, units.value, evidence.value);
  if (!advice.ok) return advice;
  const ofReader = made.get(reader) ?? new Map<string, Omit<Advice, 'view'>>();
  ofReader.set(snapshotId, advice.value);
  made.set(reader, ofReader);
  return ok({ view: view.value, ...advice.value });
}

interface Evidence {
  readonly settings: UnitSettings;
  readonly access: StoredAccess;
  readonly pointers: readonly StoredPointer[];
  readonly trackers: readonly StoredTracker[];
}

function makeAdvice(
  view: View,
  { bucket, isSample }: Pick<Snapshot, 'bucket' | 'isSample'>,
  { units, groups }: { readonly units: readonly Unit[]; readonly groups: readonly Group[] },
  { settings, access, pointers, trackers }: Evidence,
): Result<Omit<Advice, 'view'>> {
  const noise = noiseFilter(settings.noise ?? USUAL_NOISE);
  if (!noise.ok) return noise;
  const isNoise = noise.value;
  const asOfMs = Date.parse(view.asOf);
  const asOfDay = dayOf(asOfMs);
  const facts = new UnitFacts(view.cube, units.length);
  const references = referencesOf({
    bucket,
    units,
    groups,
    asOfDay,
    lockedUntilDay: (unit) => facts.lockedUntilDay(unit, asOfDay),
    pins: settings.pins,
    pointers,
    trackers,
  });
  const reads = new UnitReads(access.totals);
  const lastReadMs = (unit: Unit): number | null => {
    let last: number | null = null;
    // What was read after the snapshot says nothing against it being cold then, and everything against it being cold now.
    for (const one of access.totals.length === 0 ? [] : reads.of(unit))
      if (!isNoise(one.reader)) last = Math.max(last ?? 0, one.lastReadMs);
    return last;
  };
  const verdicts = new Map<string, ReadonlyMap<number, Kept>>();
  let members: Member[] | undefined;
  return ok({
    bucket,
    isSample,
    asOfMs,
    units,
    groups,
    facts,
    settings,
    references,
    access,
    trackers,
    pointers,
    readsOf: (unit) => reads.of(unit),
    isNoise,
    lastReadMs,
    ageOf: (unit) => {
      // Delete markers alone were never written.
      const lastWriteMs = Number.isNaN(unit.lastWriteMs) ? asOfMs : unit.lastWriteMs;
      const known: Known = { lastWriteMs, lastReadMs: lastReadMs(unit), tierDays: facts.tierDays(unit.unit) };
      const age = ageOf(known, access.days, asOfMs, USUAL_BOUNDS);
      const { temperature, leastDays, mostDays, evidence } = age;
      const lastRead = known.lastReadMs === null ? null : new Date(known.lastReadMs).toISOString();
      return { temperature, leastDays, mostDays, evidence, lastRead, words: ageInWords(age, known) };
    },
    verdicts: (tried) => {
      const key = JSON.stringify(tried ?? null);
      const known = verdicts.get(key);
      if (known) return known;
      members ??= units
        .filter(({ kind }) => kind === 'checkpoint' || kind === 'checkpoint_incomplete')
        .map((unit) => memberOf(unit, groups, references, lastReadMs(unit)));
      const kept = keepAll(members, settings.keep, tried, asOfMs);
      const oldest = verdicts.size >= MOST_POLICIES ? verdicts.keys().next().value : undefined;
      if (oldest !== undefined) verdicts.delete(oldest);
      verdicts.set(key, kept);
      return kept;
    },
  });
}

function memberOf(unit: Unit, groups: readonly Group[], references: References, lastReadMs: number | null): Member {
  const group = groups[unit.group] as Group;
  return {
    unit: unit.unit,
    run: group.path,
    project: group.project,
    path: unit.path,
    step: unit.step,
    epoch: unit.epoch,
    role: unit.role,
    state: unit.judgement.state,
    bytes: unit.bytes,
    lastWriteMs: unit.lastWriteMs,
    lastReadMs,
    metrics: references.metrics(unit.unit),
    references: references.of(unit.unit),
  };
}
