import type { Judgement } from './completeness.ts';
import type { Slot } from './slots.ts';

/** What is remembered of a unit for comparing it with the others of its run. */
export interface Sibling {
  readonly ruleId: string;
  readonly files: number;
  readonly signature: number;
  /** Numbered patterns without a declared number, and how many different numbers they have. */
  readonly counts: readonly (readonly [pattern: string, different: number])[];
  readonly judgement: Judgement;
}

export function countsOf(slots: Iterable<Slot>): [string, number][] {
  return [...slots].filter((slot) => slot.of === 0 && slot.greatest >= 0).map((slot) => [slot.pattern, slot.different]);
}

/**
 * Judges the units of one run again, by each other. One that nothing of its own could settle is whole where another has
 * the same files. One that has fewer ranks than others, and is the only one with so few, may be half an upload: unknown.
 * A run may go on with fewer machines, so the number alone never makes it incomplete.
 */
export function judgeSiblings(siblings: readonly Sibling[]): Judgement[] {
  const sameFiles = new Map<string, number>();
  const most = new Map<string, number>();
  const having = new Map<string, number>();
  for (const { ruleId, files, signature, counts, judgement } of siblings) {
    if (judgement.state === 'gone') continue;
    bump(sameFiles, `${ruleId}/${files}/${signature}`);
    for (const [pattern, different] of counts) {
      const key = `${ruleId}/${pattern}`;
      most.set(key, Math.max(most.get(key) ?? 0, different));
      bump(having, `${key}/${different}`);
    }
  }
  return siblings.map(({ ruleId, files, signature, counts, judgement }) => {
    if (judgement.state === 'incomplete' || judgement.state === 'gone') return judgement;
    for (const [pattern, different] of counts) {
      const key = `${ruleId}/${pattern}`;
      const greatest = most.get(key) ?? 0;
      if (different < greatest && having.get(`${key}/${different}`) === 1) {
        return { state: 'unknown', missing: [`${pattern}: ${different}, where others of the run have ${greatest}`] };
      }
    }
    if (judgement.state === 'complete') return judgement;
    return (sameFiles.get(`${ruleId}/${files}/${signature}`) ?? 0) > 1 ? { state: 'complete', missing: [] } : judgement;
  });
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
