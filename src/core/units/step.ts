/** What a name says of when in its run a checkpoint was taken; null where it says nothing. Numbers, never text: 1000 comes after 500. */
export interface Step {
  readonly step: number | null;
  readonly epoch: number | null;
}

const NO_STEP: Step = { step: null, epoch: null };
/** More digits than these do not fit a number exactly, and are no step. */
const MAX_DIGITS = 15;

const STEP = /(?:^|[^a-z])(?:global[-_]?)?(?:step|steps|iter|iteration|it|ba|batch|checkpoint|ckpt|cp)[-_=]?(\d+)/i;
const EPOCH = /(?:^|[^a-z])(?:epoch|epochs|ep|e)[-_=]?(\d+)/i;
/** checkpoint_3_5000 of fairseq: epoch, then update. */
const EPOCH_AND_STEP = /^checkpoint_(\d+)_(\d+)$/;

const numberOf = (digits: string | undefined): number | null =>
  digits === undefined || digits.replace(/^0+/, '').length > MAX_DIGITS ? null : Number(digits);

export const ROLES = ['none', 'best', 'last', 'final'] as const;
export type Role = (typeof ROLES)[number];

/** What a name says a checkpoint is for, besides its step. */
export function roleOf(name: string): Role {
  if (/(?:^|[-_.=])best(?:$|[-_.=])/i.test(name)) return 'best';
  if (/^(?:last|latest)(?:-v\d+)?(?:$|[-_.])|[-_.](?:last|latest)(?:$|[-_.])/i.test(name)) return 'last';
  return /(?:^|[-_.])final(?:$|[-_.])|^release$/i.test(name) ? 'final' : 'none';
}

/** Reads the last segment of a checkpoint's path, with or without its extension. */
export function stepOf(name: string): Step {
  const both = EPOCH_AND_STEP.exec(name.replace(/\.[a-z]+$/, ''));
  if (both) return { epoch: numberOf(both[1]), step: numberOf(both[2]) };
  const epoch = numberOf(EPOCH.exec(name)?.[1]);
  const named = numberOf(STEP.exec(name)?.[1]);
  if (named !== null) return { step: named, epoch };
  if (epoch !== null) return { step: null, epoch };
  // "last-v1" is the second last.ckpt, not step 1.
  if (roleOf(name) !== 'none') return NO_STEP;
  const numbers = name.replace(/\.(?:h5|mp4|7z)$/i, '').match(/\d+/g);
  const last = numbers?.at(-1);
  return last === undefined ? NO_STEP : { step: numberOf(last), epoch: null };
}
