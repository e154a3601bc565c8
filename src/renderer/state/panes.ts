import * as v from 'valibot';
import { create } from 'zustand';
import { keep } from './desk.ts';

interface Panes {
  /** Share of the room a pane takes, by its name. */
  readonly shares: Readonly<Record<string, number>>;
  readonly isDetailsShown: boolean;
  resize(name: string, share: number): void;
  toggleDetails(): void;
}

export const usePanes = create<Panes>()((set) => ({
  shares: {},
  isDetailsShown: true,
  resize: (name, share) => set(({ shares }) => ({ shares: { ...shares, [name]: Math.round(share * 1000) / 1000 } })),
  toggleDetails: () => set(({ isDetailsShown }) => ({ isDetailsShown: !isDetailsShown })),
}));

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
keep(usePanes, 'panes', v.object({ shares: v.record(v.string(), Share), isDetailsShown: v.boolean() }), ({ shares, isDetailsShown }) => ({
  shares,
  isDetailsShown,
}));
