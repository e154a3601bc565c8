import type { OBJECT_METHODS } from '../../../contract/methods/objects.ts';
import { openIndex } from '../../index/reader.ts';
import { searchKeys } from '../../index/views/key-search.ts';
import { objectFacts } from '../../index/views/object-facts.ts';
import { openView } from '../../index/views/view.ts';
import type { Handlers } from '../handler.ts';

/** The searches at work, by the box they are typed in. */
const searching = new Map<string, AbortController>();

export const objectHandlers: Pick<Handlers, keyof typeof OBJECT_METHODS> = {
  'objects.search': async (params, { environment, signal }) => {
    const reader = openIndex(params.index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(params.snapshotId);
    if (!snapshot.ok) return snapshot;
    const { snapshotId, asOf } = snapshot.value;
    const cube = reader.value.cube(snapshotId);
    if (!cube.ok) return cube;
    const box = JSON.stringify([params.index, params.box]);
    const own = new AbortController();
    if (params.box !== undefined) {
      searching.get(box)?.abort();
      searching.set(box, own);
    }
    const watched = { now: () => environment.now().getTime(), signal: AbortSignal.any([signal, own.signal]) };
    try {
      return await searchKeys({ reader: reader.value, snapshotId, asOf, cube: cube.value }, params, watched);
    } finally {
      if (searching.get(box) === own) searching.delete(box);
    }
  },

  'objects.show': async (params, { environment }) => {
    const view = await openView(params, environment);
    return view.ok ? objectFacts(view.value, params) : view;
  },
};
