import { DAY_MS } from '../../contract/units.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from './cube.ts';

/**
 * The first day, at its 00:00 UTC, on which a lock no longer keeps a version from being deleted (s3-domain 7.2): legal and
 * event holds have no end, retention ends at `retainUntilMs` (NaN: none). One that had ended by the snapshot is no lock.
 */
export function lockedUntilDay(retainUntilMs: number, isHeld: boolean, asOfMs: number): number {
  if (isHeld) return LOCKED_FOR_EVER;
  return retainUntilMs > asOfMs ? Math.min(Math.ceil(retainUntilMs / DAY_MS), LOCKED_FOR_EVER) : NOT_LOCKED;
}
