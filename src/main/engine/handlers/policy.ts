import type { POLICY_METHODS } from '../../../contract/methods/policy.ts';
import { recommend } from '../../../core/recommend/recommend.ts';
import { openIndex } from '../../index/reader.ts';
import { choosePrices } from '../../prices.ts';
import type { Handlers } from '../handler.ts';
import { simulateOver } from '../simulate-over.ts';

export const policyHandlers: Pick<Handlers, keyof typeof POLICY_METHODS> = {
  'policy.recommend': async ({ index, snapshotId, preset }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const cube = reader.value.cube(snapshot.value.snapshotId);
    return cube.ok ? recommend(cube.value, preset) : cube;
  },

  'policy.simulate': async ({ index, snapshotId, policy, months, region }, { environment }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const prices = await choosePrices(environment.resourcesDir, region, snapshot.value.region);
    if (!prices.ok) return prices;
    return simulateOver(reader.value, snapshot.value.snapshotId, {
      // Without a bucket to ask, AWS's default for small objects holds (s3-domain 4.2).
      baseline: { configuration: null, minimumSize: 'all_storage_classes_128K' },
      plan: { configuration: policy, minimumSize: 'all_storage_classes_128K' },
      months,
      list: prices.value.list,
      assumedRegion: prices.value.assumed,
    });
  },
};
