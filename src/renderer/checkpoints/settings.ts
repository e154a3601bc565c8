import type { KeepPolicy } from '../../contract/keep.ts';
import type { UnitSettings, UnitSettingsChange } from '../../contract/unit-views.ts';
import { client } from '../api/client.ts';
import { useFlash } from '../state/flash.ts';
import { forgetAnswers } from '../state/query.ts';
import { useSession } from '../state/session.ts';
import { useCheckpoints } from './state.ts';

/** Changes what a workspace keeps; everything that hangs on it is asked again. */
async function configure(change: (settings: UnitSettings) => UnitSettingsChange): Promise<boolean> {
  const { index } = useSession.getState();
  if (index === undefined) return false;
  const before = await client.call('units.settings', { index });
  const after = before.ok ? await client.call('units.configure', { index, settings: change(before.value) }) : before;
  if (!after.ok) {
    useFlash.getState().fail(after.error, 'This could not be kept.', 'What was kept before still holds.');
    return false;
  }
  forgetAnswers(['units.list', 'units.groups', 'units.settings', 'classify.explain']);
  useCheckpoints.getState().changed();
  return true;
}

/** From now on this policy holds for the whole workspace, in every answer and every plan. */
export async function keepPolicy(policy: KeepPolicy): Promise<void> {
  const isKept = await configure(({ keep }) => ({ keep: [...keep.filter(({ prefix }) => prefix !== ''), { prefix: '', policy }] }));
  if (!isKept) return;
  useCheckpoints.getState().tryPolicy(undefined);
  useFlash.getState().note('The keep policy now holds for this workspace.');
}

/** A path as a glob that matches it alone. */
export const globOf = (path: string): string => path.replace(/[\\*?[\]{},]/g, '\\$&');

/** Keeps a unit whatever a policy says, or no longer. */
export const setPinned = (path: string, isPinned: boolean): Promise<boolean> =>
  configure(({ pins }) => {
    const others = pins.filter(({ glob }) => glob !== globOf(path));
    return { pins: isPinned ? [...others, { glob: globOf(path), note: 'pinned in Checkpoints' }] : others };
  });
