import { create } from 'zustand';

/** What can lie over the window; one at a time. */
export type Overlay = 'open' | 'help' | 'palette';

interface Overlays {
  readonly shown: Overlay | null;
  show(overlay: Overlay): void;
  close(): void;
}

export const useOverlays = create<Overlays>()((set) => ({
  shown: null,
  show: (shown) => set({ shown }),
  close: () => set({ shown: null }),
}));
