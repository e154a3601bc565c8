import type { Member } from './member.ts';

type Ranked = Pick<Member, 'path' | 'step' | 'epoch' | 'lastWriteMs'>;

/**
 * Members from the earliest to the latest of their run: by step where all have one, else by epoch where all have one, else by when
 * they were written. Numbers, never text: checkpoint-500 comes before checkpoint-1000.
 */
export function inOrder<T extends Ranked>(members: readonly T[]): T[] {
  const byStep = members.every(({ step }) => step !== null);
  const byEpoch = !byStep && members.every(({ epoch }) => epoch !== null);
  const place = ({ step, epoch, lastWriteMs }: T): number => (byStep ? (step as number) : byEpoch ? (epoch as number) : lastWriteMs);
  return [...members].sort((a, b) => place(a) - place(b) || a.lastWriteMs - b.lastWriteMs || compareText(a.path, b.path));
}

/** Members from the first to the last written; those written at the same time in their order. */
export function inTime<T extends Ranked>(members: readonly T[]): T[] {
  return inOrder(members).sort((a, b) => a.lastWriteMs - b.lastWriteMs);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Where a run went back: a step below one written before it was written later, so the run went on from the greatest earlier step
 * below it. What comes back are those steps it went on from.
 */
export function wentOnFrom<T extends Ranked>(members: readonly T[]): T[] {
  const timed = inTime(members.filter(({ step }) => step !== null));
  const found = new Set<T>();
  let greatest = -1;
  for (const [at, member] of timed.entries()) {
    const step = member.step as number;
    if (step < greatest) {
      let from: T | undefined;
      for (const earlier of timed.slice(0, at)) {
        if ((earlier.step as number) < step && (from === undefined || (earlier.step as number) >= (from.step as number))) from = earlier;
      }
      if (from) found.add(from);
    }
    // From here on steps rise again from where it went back to.
    greatest = step;
  }
  return [...found];
}
