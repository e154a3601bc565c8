import { useMemo } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { ParamsIn, ResultOf } from '../../contract/methods.ts';
import type { Remote } from '../../contract/remote.ts';
import { client } from '../api/client.ts';
import { useFlash } from './flash.ts';
import { runJob } from './jobs.ts';
import { navigate, parseRoute } from './route.ts';

/** What a refused scan leaves behind. */
export const NOTHING_WRITTEN = 'Nothing was written; the workspace open before stays open.';

type AppInfo = ResultOf<'app.info'>;

/** The open workspace: one index file, its snapshots and the one shown. */
interface Session {
  readonly status: 'opening' | 'ready' | 'failed';
  /** Why the first workspace could not be opened. */
  readonly failure: AppError | undefined;
  /** How far the first opening is. */
  readonly opening: Progress | undefined;
  readonly info: AppInfo | undefined;
  readonly index: string | undefined;
  readonly snapshots: readonly Snapshot[];
  readonly snapshotId: string | undefined;
  /** Region to price, when the person chose one; otherwise the snapshot's own. */
  readonly region: string | undefined;
  /** How S3 was last reached in this window; never stored. */
  readonly remote: Remote;
  readonly isOpenDialogShown: boolean;
  readonly isHelpShown: boolean;

  start(): Promise<void>;
  openIndex(index: string, snapshotId?: string): Promise<boolean>;
  scan(params: ParamsIn<'index.scan'>): Promise<AppError | undefined>;
  chooseSnapshot(snapshotId: string): void;
  chooseRegion(region: string | undefined): void;
  rememberRemote(remote: Remote): void;
  showOpenDialog(shown: boolean): void;
  showHelp(shown: boolean): void;
}

export const useSession = create<Session>()((set, get) => ({
  status: 'opening',
  failure: undefined,
  opening: undefined,
  info: undefined,
  index: undefined,
  snapshots: [],
  snapshotId: undefined,
  region: undefined,
  remote: {},
  isOpenDialogShown: false,
  isHelpShown: false,

  async start() {
    set({ status: 'opening', failure: undefined, opening: undefined });
    const info = await client.call('app.info', {});
    if (!info.ok) return set({ status: 'failed', failure: info.error });
    set({ info: info.value });
    const sample = await client.call('sample.open', {}, { onProgress: (opening) => set({ opening }) });
    // Somebody may have opened an inventory of their own meanwhile; that one stays.
    if (get().index !== undefined) return;
    if (!sample.ok) return set({ status: 'failed', failure: sample.error });
    await get().openIndex(sample.value.index, sample.value.snapshotId);
  },

  async openIndex(index, snapshotId) {
    const snapshots = await client.call('index.snapshots', { index });
    if (!snapshots.ok) {
      if (get().index === undefined) set({ status: 'failed', failure: snapshots.error });
      else useFlash.getState().fail(snapshots.error, 'This index could not be opened.', 'The workspace open before stays open.');
      return false;
    }
    // A place in the bucket open before means nothing in another one.
    const before = get().index;
    if (before !== undefined && before !== index && parseRoute(window.location.hash).prefix !== '') navigate({ view: 'explore' });
    const newest = newestOf(snapshots.value);
    set({ status: 'ready', index, snapshots: snapshots.value, snapshotId: snapshotId ?? newest?.snapshotId, region: undefined });
    return true;
  },

  async scan(params) {
    const location = params.source.kind === 'inventory' ? params.source.location : `s3://${params.source.bucket}`;
    const result = await runJob('index.scan', params, `Scanning ${location}`);
    if (!result.ok) {
      // With the dialog closed meanwhile, the frame is the place to say it.
      if (!get().isOpenDialogShown) useFlash.getState().fail(result.error, `${location} could not be opened.`, NOTHING_WRITTEN);
      return result.error;
    }
    for (const warning of result.value.warnings) useFlash.getState().warn(warning);
    if (result.value.unchanged) useFlash.getState().note('This report was already in the index; nothing changed.');
    await get().openIndex(params.index, result.value.snapshotId);
    return undefined;
  },

  chooseSnapshot: (snapshotId) => set({ snapshotId }),
  chooseRegion: (region) => set({ region }),
  rememberRemote: (remote) => set({ remote }),
  showOpenDialog: (isOpenDialogShown) => set({ isOpenDialogShown }),
  showHelp: (isHelpShown) => set({ isHelpShown }),
}));

/** The snapshot with the latest time of its own. */
function newestOf(snapshots: readonly Snapshot[]): Snapshot | undefined {
  let newest: Snapshot | undefined;
  for (const snapshot of snapshots) if (newest === undefined || snapshot.asOf > newest.asOf) newest = snapshot;
  return newest;
}

export function useSnapshot(): Snapshot | undefined {
  return useSession((state) => state.snapshots.find(({ snapshotId }) => snapshotId === state.snapshotId));
}

/** Which index and snapshot every question is about; null while none is open. */
export function useAt(): { index: string; snapshotId: string } | null {
  const index = useSession((state) => state.index);
  const snapshotId = useSession((state) => state.snapshotId);
  return useMemo(() => (index === undefined || snapshotId === undefined ? null : { index, snapshotId }), [index, snapshotId]);
}

/** The same with the region to price, for questions whose answer holds money. */
export function usePricedAt(): { index: string; snapshotId: string; region?: string } | null {
  const at = useAt();
  const region = useSession((state) => state.region);
  return useMemo(() => (at === null ? null : { ...at, ...(region === undefined ? {} : { region }) }), [at, region]);
}
