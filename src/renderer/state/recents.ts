import * as v from 'valibot';
import { create } from 'zustand';
import { keep } from './desk.ts';

/** A workspace opened before. */
export interface Recent {
  readonly index: string;
  readonly bucket: string;
  readonly isSample: boolean;
  /** Where the window was in it, as a route. */
  readonly hash: string;
  readonly snapshotId: string | null;
}

interface Recents {
  /** Newest first; the first is the one to open at the next start. */
  readonly list: readonly Recent[];
  /** Puts a workspace first; what was known of its places stays. */
  opened(workspace: Pick<Recent, 'index' | 'bucket' | 'isSample'>): void;
  /** Where the window is in a workspace now. */
  moved(index: string, place: Pick<Recent, 'hash' | 'snapshotId'>): void;
  forget(index: string): void;
}

const MOST = 12;

export const useRecents = create<Recents>()((set) => ({
  list: [],
  opened: (workspace) =>
    set(({ list }) => {
      const before = list.find(({ index }) => index === workspace.index) ?? { hash: '', snapshotId: null };
      return { list: [{ ...before, ...workspace }, ...list.filter(({ index }) => index !== workspace.index)].slice(0, MOST) };
    }),
  moved: (index, place) => set(({ list }) => ({ list: list.map((recent) => (recent.index === index ? { ...recent, ...place } : recent)) })),
  forget: (index) => set(({ list }) => ({ list: list.filter((recent) => recent.index !== index) })),
}));

const RecentSchema = v.object({
  index: v.string(),
  bucket: v.string(),
  isSample: v.boolean(),
  hash: v.string(),
  snapshotId: v.nullable(v.string()),
});
keep(useRecents, 'recents', v.object({ list: v.array(RecentSchema) }), ({ list }) => ({ list }));
