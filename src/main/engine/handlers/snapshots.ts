import type { SNAPSHOT_METHODS } from '../../../contract/methods/snapshots.ts';
import { diffSnapshots } from '../../snapshots/diff.ts';
import { dropSnapshots } from '../../snapshots/drop.ts';
import { refresh } from '../../snapshots/refresh.ts';
import type { Handlers } from '../handler.ts';

export const snapshotHandlers: Pick<Handlers, keyof typeof SNAPSHOT_METHODS> = {
  'snapshots.diff': async (params, { signal }) => diffSnapshots(params, signal),
  'snapshots.drop': ({ index, snapshotIds }, { environment, signal }) =>
    dropSnapshots({ index, snapshotIds, resourcesDir: environment.resourcesDir, signal }),
  'snapshots.refresh': ({ index, snapshotId, remote }, { environment, signal, progress }) =>
    refresh({ index, snapshotId, remote, resourcesDir: environment.resourcesDir, now: environment.now, signal, progress }),
};
