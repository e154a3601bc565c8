import { useMemo } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { ParamsIn, ResultOf } from '../../contract/methods.ts';
import type { Remote } from '../../contract/remote.ts';
import { client } from '../api/client.ts';
import { loadDesk } from './desk.ts';
import { useFlash } from './flash.ts';
import { runJob } from './jobs.ts';
import { useRecents } from './recents.ts';
import { currentRoute, navigate } from './route.ts';

/** What a refused scan leaves behind. */
export const NOTHING_WRITTEN = 'Nothing was written; the workspace open before stays open.';

type AppInfo = ResultOf<'app.info'>;

/** The open workspace: one index file, its snapshots and the one shown. */
interface Session {
  readonly status: 'opening' | 'ready' | 'failed';
  /** What is being opened, or could not be. */
  readonly wanted: { readonly index: string | undefined };
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

  start(): Promise<void>;
  openSample(): Promise<void>;
  openIndex(index: string, snapshotId?: string): Promise<boolean>;
  scan(params: ParamsIn<'index.scan'>): Promise<AppError | undefined>;
  chooseSnapshot(snapshotId: string): void;
  chooseRegion(region: string | undefined): void;
  rememberRemote(remote: Remote): void;
}

export const useSession = create<Session>()((set, get) => ({
  status: 'opening',
  wanted: { index: undefined },
  failure: undefined,
  opening: undefined,
  info: undefined,
  index: undefined,
  snapshots: [],
  snapshotId: undefined,
  region: undefined,
  remote: {},

  async start() {
    set({ status: 'opening', failure: undefined, opening: undefined });
    const hashAtStart = window.location.hash;
    const [info] = await Promise.all([client.call('app.info', {}), loadDesk()]);
    if (!info.ok) return set({ status: 'failed', failure: info.error });
    set({ info: info.value });
    const last = useRecents.getState().list[0];
    if (last === undefined || last.isSample) await get().openSample();
    else await get().openIndex(last.index, last.snapshotId ?? undefined);
    if (get().status === 'ready' && hashAtStart === '') goBack(get().index);
  },

  async openSample() {
    set({ status: get().index === undefined ? 'opening' : get().status, failure: undefined, wanted: { index: undefined } });
    const before = get().index;
    const sample = await client.call('sample.open', {}, { onProgress: (opening) => set({ opening }) });
    // Somebody may have opened an inventory of their own meanwhile; that one stays.
    if (get().index !== before) return;
    if (sample.ok) await get().openIndex(sample.value.index, sample.value.snapshotId);
    else if (before === undefined) set({ status: 'failed', failure: sample.error });
    else useFlash.getState().fail(sample.error, 'The sample workspace could not be opened.', 'The workspace open before stays open.');
  },

  async openIndex(index, snapshotId) {
    if (get().index === undefined) set({ status: 'opening', failure: undefined, wanted: { index } });
    const snapshots = await client.call('index.snapshots', { index });
    if (!snapshots.ok) {
      if (get().index === undefined) set({ status: 'failed', failure: snapshots.error });
      else useFlash.getState().fail(snapshots.error, 'This index could not be opened.', 'The workspace open before stays open.');
      return false;
    }
    // A place in the bucket open before means nothing in another one.
    const before = get().index;
    if (before !== undefined && before !== index && currentRoute().prefix !== '') navigate({ view: 'explore' });
    const shown = snapshots.value.find((snapshot) => snapshot.snapshotId === snapshotId) ?? newestOf(snapshots.value);
    set({ status: 'ready', index, snapshots: snapshots.value, snapshotId: shown?.snapshotId, region: undefined });
    useRecents.getState().opened({ index, bucket: shown?.bucket ?? '', isSample: shown?.isSample ?? false });
    return true;
  },

  async scan(params) {
    const { source } = params;
    const location = source.kind === 'inventory' ? source.location : source.kind === 'table' ? source.address : `s3://${source.bucket}`;
    const result = await runJob('index.scan', params, `Scanning ${location}`);
    if (!result.ok) return result.error;
    for (const warning of result.value.warnings) useFlash.getState().warn(warning);
    if (result.value.unchanged) useFlash.getState().note('This report was already in the index; nothing changed.');
    await get().openIndex(params.index, result.value.snapshotId);
    return undefined;
  },

  chooseSnapshot: (snapshotId) => set({ snapshotId }),
  chooseRegion: (region) => set({ region }),
  rememberRemote: (remote) => set({ remote }),
}));

/** Goes where the window was in this workspace when it was left. */
function goBack(index: string | undefined): void {
  const recent = useRecents.getState().list.find((known) => known.index === index);
  if (recent !== undefined && recent.hash !== '' && window.location.hash === '') window.location.hash = recent.hash;
}

/** Notes where the window is, whenever it goes elsewhere. */
export function startNotingPlaces(): void {
  const note = (): void => {
    const { index, snapshotId } = useSession.getState();
    if (index !== undefined) useRecents.getState().moved(index, { hash: window.location.hash, snapshotId: snapshotId ?? null });
  };
  window.addEventListener('hashchange', note);
  useSession.subscribe((state, before) => {
    if (state.snapshotId !== before.snapshotId) note();
  });
}

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
