import type { SCENARIO_METHODS } from '../../../contract/methods/scenario.ts';
import { ok } from '../../../contract/result.ts';
import { compileScenario } from '../../../core/recommend/scenario.ts';
import { openIndex } from '../../index/reader.ts';
import type { Handlers } from '../handler.ts';

export const scenarioHandlers: Pick<Handlers, keyof typeof SCENARIO_METHODS> = {
  'scenario.compile': async ({ index, snapshotId, name, intents }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const cube = reader.value.cube(snapshot.value.snapshotId);
    return cube.ok ? ok(compileScenario(cube.value, name, intents)) : cube;
  },
};
