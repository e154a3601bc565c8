import type { ProposedAction } from '../../contract/proposals.ts';
import type { Unit } from '../units/unit-builder.ts';
import { checkpointDrafts } from './checkpoints.ts';
import { coldDrafts } from './cold.ts';
import type { Draft, OpenUpload, ProposalInput } from './draft.ts';
import { markersDraft, noncurrentDraft, textDrafts, uploadsDraft } from './hygiene.ts';
import { monthlySaving } from './money.ts';
import { type Claim, type Claims, claimCells, isDue, NOBODY } from './own.ts';
import { retentionDrafts } from './retention.ts';

/** A proposal with the cells that are its own. */
export interface Sized extends Draft {
  readonly number: number;
  /** Units, or versions, markers or uploads where there are none. */
  readonly count: number;
  /** What is due at S3's next run, or of its own whatever its age where it is for whole units. */
  readonly versions: number;
  readonly bytes: number;
  readonly bytesByClass: ReadonlyMap<number, number>;
  readonly monthlyNanoUsd: string | null;
  readonly uploads: readonly OpenUpload[];
}

export interface ProposalSet {
  readonly proposals: readonly Sized[];
  /** The number of the proposal that each cell is of; -1 for none. */
  readonly owner: Int32Array;
  /** The same for one version. */
  readonly claims: Claims;
  /** Cells of a proposal that count: all for whole units, else what is due. */
  cellsOf(proposal: Sized): Uint32Array;
}

/** Every proposal for a snapshot. Each version is in at most one that lifecycle carries out. */
export function propose(input: ProposalInput): ProposalSet {
  const { cube, asOfMs } = input;
  const asOfDay = Math.floor(asOfMs / 86_400_000);
  const expiring = [...retentionDrafts(input), ...checkpointDrafts(input)];
  const drafts: Draft[] = [...expiring, ...coldDrafts(input)];
  const ofUnit: (Claim | undefined)[] = new Array<Claim | undefined>(input.units.length);
  for (const [number, { units, action }] of drafts.entries()) for (const { unit } of units) ofUnit[unit] ??= { number, action };
  const byTop = new Map<number, number>();
  const numberOf = (top: number): number => {
    const known = byTop.get(top);
    if (known !== undefined) return known;
    const number = drafts.push(noncurrentDraft(input, cube.tree.path(top))) - 1;
    byTop.set(top, number);
    return number;
  };
  let markers: Claim | null = null;
  if (cube.allVersions) {
    const draft = markersDraft();
    markers = { number: drafts.push(draft) - 1, action: draft.action };
  }
  const noncurrent = { action: { do: 'expireNoncurrent', days: input.options.noncurrentDays } as ProposedAction, numberOf };
  const isHeldUnit = (unit: number): boolean => input.references.of(unit).length > 0;
  const claims: Claims = { ofUnit, noncurrent: cube.allVersions ? noncurrent : null, markers, isHeldUnit };
  const owner = claimCells(cube, claims, asOfDay);
  const uploads = uploadsDraft(input);
  if (uploads) drafts.push(uploads);
  const proposals = size(input, drafts, owner, asOfDay);
  const texts = textDrafts(input).map((draft, at) => sizeText(draft, drafts.length + at));
  const cells = cellsByOwner(owner, drafts.length);
  const all = [...proposals, ...texts];
  return {
    proposals: all,
    owner,
    claims,
    cellsOf: (proposal) => {
      const own = cells.of(proposal.number);
      return proposal.isWhole ? own : own.filter((cell) => isDueCell(input, proposal.action, cell, asOfDay));
    },
  };
}

const isDueCell = ({ cube }: ProposalInput, action: ProposedAction, cell: number, asOfDay: number): boolean =>
  isDue(action, cube.state[cell] as number, cube.clockDay[cell] as number, asOfDay);

function cellsByOwner(owner: Int32Array, owners: number): { of(number: number): Uint32Array } {
  const start = new Uint32Array(owners + 1);
  for (const number of owner) if (number !== NOBODY) start[number + 1] = (start[number + 1] as number) + 1;
  for (let number = 0; number < owners; number++) start[number + 1] = (start[number + 1] as number) + (start[number] as number);
  const next = start.slice();
  const sorted = new Uint32Array(start[owners] as number);
  for (let cell = 0; cell < owner.length; cell++) {
    const number = owner[cell] as number;
    if (number === NOBODY) continue;
    sorted[next[number] as number] = cell;
    next[number] = (next[number] as number) + 1;
  }
  return { of: (number) => sorted.subarray(start[number] ?? 0, start[number + 1] ?? 0) };
}

interface Tally {
  versions: number;
  bytes: number;
  markers: number;
  /** By class and size regime. */
  readonly slots: Map<number, { count: number; bytes: number }>;
  readonly units: Set<number>;
}

function size(input: ProposalInput, drafts: readonly Draft[], owner: Int32Array, asOfDay: number): Sized[] {
  const { cube, list } = input;
  const tallies = drafts.map((): Tally => ({ versions: 0, bytes: 0, markers: 0, slots: new Map(), units: new Set() }));
  const markerState = 2;
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const number = owner[cell] as number;
    if (number === NOBODY) continue;
    const draft = drafts[number] as Draft;
    if (!draft.isWhole && !isDueCell(input, draft.action, cell, asOfDay)) continue;
    const tally = tallies[number] as Tally;
    const [count, bytes] = [cube.count[cell] as number, cube.bytes[cell] as number];
    if (cube.state[cell] === markerState) {
      tally.markers += count;
      continue;
    }
    tally.versions += count;
    tally.bytes += bytes;
    if (!draft.isWhole && draft.units.length > 0) tally.units.add(cube.unit[cell] as number);
    const slot = (cube.classId[cell] as number) * 2 + (cube.isSmall[cell] as number);
    const sum = tally.slots.get(slot);
    if (sum) {
      sum.count += count;
      sum.bytes += bytes;
    } else tally.slots.set(slot, { count, bytes });
  }
  return drafts.flatMap((draft, number) => {
    if (draft.kind === 'uploads') return sizeUploads(input, draft, number);
    const tally = tallies[number] as Tally;
    if (tally.versions + tally.markers === 0) return [];
    const extents = [...tally.slots].map(([slot, sum]) => ({
      storageClass: cube.classes[slot >> 1]?.storageClass ?? '',
      accessTier: cube.classes[slot >> 1]?.accessTier ?? '',
      isSmall: (slot & 1) === 1,
      ...sum,
    }));
    const bytesByClass = new Map<number, number>();
    for (const [slot, { bytes }] of tally.slots) bytesByClass.set(slot >> 1, (bytesByClass.get(slot >> 1) ?? 0) + bytes);
    return {
      ...draft,
      number,
      count: countOf(draft, tally),
      versions: tally.versions,
      bytes: tally.bytes,
      bytesByClass,
      monthlyNanoUsd: monthlySaving(list, draft.action, extents),
      uploads: [],
    };
  });
}

function countOf(draft: Draft, { markers, versions, units }: Tally): number {
  if (draft.kind === 'markers') return markers;
  if (draft.units.length === 0) return versions;
  return draft.isWhole ? draft.units.length : units.size;
}

const ARCHIVES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

function sizeUploads({ uploads, options, asOfMs, list }: ProposalInput, draft: Draft, number: number): Sized[] {
  const old = (uploads ?? []).filter(({ initiatedMs }) => asOfMs - initiatedMs >= options.uploadDays * 86_400_000);
  const bytes = old.reduce((sum, upload) => sum + (upload.bytes ?? 0), 0);
  const isCounted = old.every((upload) => upload.bytes !== null);
  // Parts of what will be archived wait at STANDARD's price (s3-domain 3.3).
  const extents = old.map((upload) => ({
    storageClass: ARCHIVES.has(upload.storageClass) ? 'STANDARD' : upload.storageClass,
    accessTier: '',
    isSmall: false,
    count: 1,
    bytes: upload.bytes ?? 0,
  }));
  const monthlyNanoUsd = isCounted ? monthlySaving(list, draft.action, extents) : null;
  return [{ ...draft, number, count: old.length, versions: 0, bytes, bytesByClass: new Map(), monthlyNanoUsd, uploads: old }];
}

function sizeText(draft: Draft, number: number): Sized {
  const bytes = draft.units.reduce((sum, { textBytes }: Unit) => sum + textBytes, 0);
  const files = draft.units.reduce((sum, unit) => sum + unit.files, 0);
  return {
    ...draft,
    number,
    count: draft.units.length,
    versions: files,
    bytes,
    bytesByClass: new Map(),
    monthlyNanoUsd: null,
    uploads: [],
  };
}
