import type { RETENTION_METHODS } from '../../../contract/methods/retention.ts';
import { ok } from '../../../contract/result.ts';
import type { Coverage, ScheduleFile } from '../../../contract/retention.ts';
import { coverageOf } from '../../../core/retention/coverage.ts';
import { resolveSchedules } from '../../../core/retention/schedules.ts';
import { canonicalJson, sha256 } from '../../apply/hash.ts';
import { loadRegimes } from '../../regimes.ts';
import type { Handlers } from '../handler.ts';
import { openProofs } from '../prove-run.ts';

const hashOf = ({ schedules }: ScheduleFile): string => sha256(canonicalJson(schedules));

function reviewOf(file: ScheduleFile): Coverage['review'] {
  if (file.review === null) return { status: 'none', by: null, at: null };
  const { by, at, hash } = file.review;
  return { status: hash === hashOf(file) ? 'reviewed' : 'changed', by, at };
}

export const retentionHandlers: Pick<Handlers, keyof typeof RETENTION_METHODS> = {
  'retention.regimes': async (_params, { environment }) => {
    const loaded = await loadRegimes(environment.resourcesDir);
    return loaded.ok ? ok({ notice: loaded.value.notice, regimes: [...loaded.value.regimes] }) : loaded;
  },

  'retention.review': async ({ file, by }, { environment }) => {
    const loaded = await loadRegimes(environment.resourcesDir);
    if (!loaded.ok) return loaded;
    // Nobody signs for a file that cannot be used.
    const resolved = resolveSchedules(file.schedules, loaded.value.regimes);
    if (!resolved.ok) return resolved;
    return ok({ ...file, review: { by, at: environment.now().toISOString(), hash: hashOf(file) } });
  },

  'retention.coverage': async (order, { environment, signal }) => {
    const loaded = await loadRegimes(environment.resourcesDir);
    if (!loaded.ok) return loaded;
    const { schedules } = order.file;
    const resolved = resolveSchedules(schedules, loaded.value.regimes);
    if (!resolved.ok) return resolved;
    const opened = openProofs(order, environment.now());
    if (!opened.ok) return opened;
    const { input, snapshot } = opened.value;
    return coverageOf({
      ...input,
      schedules,
      resolved: resolved.value,
      snapshotId: snapshot?.snapshotId ?? null,
      review: reviewOf(order.file),
      breathe: () => signal.throwIfAborted(),
    });
  },
};
