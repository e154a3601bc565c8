import type { ProposedAction } from '../../contract/proposals.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { type BilledClass, LOCKED_FOR_EVER, MULTI, REPLICATION_BLOCKED, SUPERSEDED } from '../cube/cube.ts';
import type { PackedCube } from '../cube/group.ts';
import { isAllowed } from '../simulate/transitions.ts';
import { isAgeing } from './hygiene.ts';

const CURRENT = VERSION_STATES.indexOf('current');
const NONCURRENT = VERSION_STATES.indexOf('noncurrent');
const MARKER = VERSION_STATES.indexOf('marker');
export const NOBODY = -1;

/** One version of a cell, or of a row: what an action asks of it. */
export interface VersionFacts {
  readonly state: number;
  readonly flags: number;
  readonly isSmall: boolean;
  readonly storageClass: string;
  readonly accessTier: string;
}

/** Whether an action does anything to a version at all, whatever its age. What replication holds back is acted on later, so it counts. */
export function actsOn(action: ProposedAction, { state, flags, isSmall, storageClass, accessTier }: VersionFacts): boolean {
  switch (action.do) {
    case 'expire':
      return state === CURRENT || state === NONCURRENT;
    case 'expireNoncurrent':
      return state === NONCURRENT;
    case 'removeMarkers':
      return state === MARKER && (flags & (SUPERSEDED | MULTI)) === 0;
    case 'move':
      // S3 leaves what is below 128 KiB where it is unless it is told otherwise (s3-domain 4.2).
      return state === CURRENT && !isSmall && action.steps.some((step) => isAllowed(storageClass, accessTier, step.storageClass));
    case 'abortUploads':
    case 'rewrite':
      return false;
  }
}

/** Days after its clock from which an action is due on a version of a state. */
function dueAfter(action: ProposedAction, state: number): number {
  switch (action.do) {
    case 'expire':
      return state === NONCURRENT ? (action.undoDays ?? 1) : action.days;
    case 'expireNoncurrent':
      return action.days;
    case 'move':
      return Math.min(...action.steps.map(({ days }) => days));
    default:
      return 0;
  }
}

/** Whether S3's next run, on the day after, would act. */
export const isDue = (action: ProposedAction, state: number, clockDay: number, asOfDay: number): boolean =>
  clockDay + dueAfter(action, state) <= asOfDay + 1;

export interface Claim {
  readonly number: number;
  readonly action: ProposedAction;
}

/** Who claims what. */
export interface Claims {
  readonly ofUnit: readonly (Claim | undefined)[];
  /** By first folder. */
  readonly noncurrent: { readonly action: ProposedAction; numberOf(topDirectory: number): number } | null;
  readonly markers: Claim | null;
  isHeldUnit(unit: number): boolean;
}

/** Where a version lies, and what holds it. */
export interface Place {
  readonly unit: number;
  /** Index into KINDS. */
  readonly kind: number;
  readonly top: number;
  readonly lockedUntilDay: number;
}

/**
 * The number of the claim that a version belongs to; NOBODY for none. Units come first; what is noncurrent and of no claim goes by its
 * first folder; lone delete markers last. So what claims come to can be added up.
 */
export function ownerOf(claims: Claims, facts: VersionFacts, place: Place, asOfDay: number): number {
  const { unit } = place;
  const claim = unit < 0 ? undefined : claims.ofUnit[unit];
  if (claim && actsOn(claim.action, facts)) return claim.number;
  if (facts.state === MARKER) return claims.markers && actsOn(claims.markers.action, facts) ? claims.markers.number : NOBODY;
  const { noncurrent } = claims;
  if (noncurrent === null || facts.state !== NONCURRENT || !isAgeing[place.kind]) return NOBODY;
  if (isHeld(facts, place, asOfDay) || (unit >= 0 && claims.isHeldUnit(unit))) return NOBODY;
  return noncurrent.numberOf(place.top);
}

/** Gives every cell to at most one claim. */
export function claimCells(cube: PackedCube, claims: Claims, asOfDay: number): Int32Array {
  const owner = new Int32Array(cube.cellCount).fill(NOBODY);
  const tops = topDirectories(cube);
  // One of each for all cells: there are millions.
  const place = { unit: -1, kind: 0, top: 0, lockedUntilDay: 0 };
  const facts = { state: 0, flags: 0, isSmall: false, storageClass: '', accessTier: '' };
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const unit = cube.unit[cell] as number;
    const state = cube.state[cell] as number;
    if (state === CURRENT && (unit < 0 || claims.ofUnit[unit] === undefined)) continue;
    place.unit = unit;
    place.kind = cube.kind[cell] as number;
    place.top = tops[cube.directory[cell] as number] as number;
    place.lockedUntilDay = cube.lockedUntilDay[cell] as number;
    const { storageClass, accessTier } = cube.classes[cube.classId[cell] as number] as BilledClass;
    facts.state = state;
    facts.flags = cube.flags[cell] as number;
    facts.isSmall = cube.isSmall[cell] === 1;
    facts.storageClass = storageClass;
    facts.accessTier = accessTier;
    owner[cell] = ownerOf(claims, facts, place, asOfDay);
  }
  return owner;
}

export const factsOf = (cube: PackedCube, cell: number): VersionFacts => {
  const { storageClass = '', accessTier = '' } = cube.classes[cube.classId[cell] as number] ?? {};
  return {
    state: cube.state[cell] as number,
    flags: cube.flags[cell] as number,
    isSmall: cube.isSmall[cell] === 1,
    storageClass,
    accessTier,
  };
};

/** What a lock or a replication that has not ended keeps as it is. */
const isHeld = ({ flags }: VersionFacts, { lockedUntilDay }: Place, asOfDay: number): boolean =>
  lockedUntilDay === LOCKED_FOR_EVER || lockedUntilDay > asOfDay || (flags & REPLICATION_BLOCKED) !== 0;

/** The first folder each directory lies in; the root for the root. */
export function topDirectories({ tree }: PackedCube): Uint32Array {
  const tops = new Uint32Array(tree.count);
  for (let directory = 1; directory < tree.count; directory++) {
    tops[directory] = tree.depth[directory] === 1 ? directory : (tops[tree.parent[directory] as number] as number);
  }
  return tops;
}
