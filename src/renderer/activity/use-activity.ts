import { create } from 'zustand';
import type { DriftReport } from '../../contract/drift.ts';
import type { AppError } from '../../contract/errors.ts';
import type { AuditLine } from '../../contract/journal.ts';
import { client } from '../api/client.ts';
import { runJob } from '../state/jobs.ts';
import { useSession } from '../state/session.ts';

/** The audit trail of this machine, and what the last look at the buckets found. */
interface Activity {
  readonly lines: readonly AuditLine[];
  /** Hash of the last line; null where there is none. */
  readonly head: string | null;
  readonly error: AppError | undefined;
  readonly drifts: readonly DriftReport[];
  readonly unreadable: readonly { readonly bucket: string; readonly words: string }[];
  readonly driftError: AppError | undefined;
  /** When buckets were last looked at; undefined before. */
  readonly checkedAtMs: number | undefined;
  readonly isChecking: boolean;
  read(): Promise<void>;
  check(): Promise<void>;
}

export const useActivity = create<Activity>()((set, get) => ({
  lines: [],
  head: null,
  error: undefined,
  drifts: [],
  unreadable: [],
  driftError: undefined,
  checkedAtMs: undefined,
  isChecking: false,

  async read() {
    const audit = await client.call('audit.verify', {});
    set(audit.ok ? { lines: audit.value.lines, head: audit.value.head, error: undefined } : { error: audit.error });
  },

  async check() {
    if (get().isChecking) return;
    set({ isChecking: true, driftError: undefined });
    const found = await runJob('drift.check', { remote: useSession.getState().remote }, 'Looking for drift');
    set(
      found.ok
        ? { isChecking: false, drifts: found.value.reports, unreadable: found.value.unreadable, checkedAtMs: Date.now() }
        : { isChecking: false, driftError: found.error },
    );
  },
}));
