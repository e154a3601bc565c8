import * as v from 'valibot';
import { create } from 'zustand';
import { type Statement, type StatementIn, StatementSchema } from '../../contract/prove.ts';
import { type Schedule, type ScheduleFile, ScheduleFileSchema } from '../../contract/retention.ts';
import { keep } from '../state/desk.ts';
import { useSession } from '../state/session.ts';

/** What a reviewer wants to know of one workspace. */
const DutiesSchema = v.strictObject({ statements: v.array(StatementSchema), file: v.nullable(ScheduleFileSchema) });
type Duties = v.InferOutput<typeof DutiesSchema>;

const existing = (statement: StatementIn): Statement => v.parse(StatementSchema, { covers: 'existing', ...statement });

/** To start from: what most would want to hold. Periods of law are those of the shipped regimes, at their longest. */
const FIRST: Duties = {
  statements: [
    existing({
      id: 'S-01',
      kind: 'kept',
      title: 'Weights of models are kept 10 years',
      source: 'EU AI Act Art. 18',
      scope: { category: 'model' },
      until: { ageDays: 3653 },
    }),
    existing({
      id: 'S-02',
      kind: 'kept',
      title: 'Logs are kept 184 days',
      source: 'EU AI Act Art. 19',
      scope: { category: 'log' },
      until: { ageDays: 184 },
    }),
    existing({ id: 'S-03', kind: 'kept', title: 'Datasets are kept 30 days', scope: { category: 'dataset' }, until: { ageDays: 30 } }),
    existing({ id: 'S-04', kind: 'untouched', title: 'No rule acts on feature stores', scope: { category: 'feature' } }),
    v.parse(StatementSchema, {
      id: 'S-05',
      kind: 'kept',
      title: 'Nothing is removed within a week, whatever its key',
      covers: 'any',
      until: { ageDays: 7 },
    } satisfies StatementIn),
  ],
  file: null,
};
const MOST_WORKSPACES = 20;

interface Compliance {
  readonly byIndex: Readonly<Record<string, Duties>>;
  /** The statement looked at. */
  readonly selection: string | null;
}

export const useCompliance = create<Compliance>()(() => ({ byIndex: {}, selection: null }));
keep(useCompliance, 'compliance', v.object({ byIndex: v.record(v.string(), DutiesSchema) }), ({ byIndex }) => ({ byIndex }));

useSession.subscribe((state, before) => {
  if (state.index !== before.index) useCompliance.setState({ selection: null });
});

const indexNow = (): string => useSession.getState().index ?? '';

export function useDuties(): Duties {
  const index = useSession((state) => state.index) ?? '';
  return useCompliance((state) => state.byIndex[index]) ?? FIRST;
}

function change(part: (duties: Duties) => Partial<Duties>): void {
  useCompliance.setState(({ byIndex }) => {
    const { [indexNow()]: before = FIRST, ...others } = byIndex;
    const kept = Object.entries(others).slice(1 - MOST_WORKSPACES);
    return { byIndex: { ...Object.fromEntries(kept), [indexNow()]: { ...before, ...part(before) } } };
  });
}

export const selectStatement = (selection: string | null): void => useCompliance.setState({ selection });

export function addStatement(statement: Statement): void {
  change(({ statements }) => ({ statements: [...statements.filter(({ id }) => id !== statement.id), statement] }));
  selectStatement(statement.id);
}

export const removeStatement = (id: string): void =>
  change(({ statements }) => ({ statements: statements.filter((statement) => statement.id !== id) }));

/** "S-07": the first number that is free. */
export function nextId(statements: readonly Statement[]): string {
  const taken = new Set(statements.map(({ id }) => id));
  for (let number = statements.length + 1; ; number++) {
    const id = `S-${String(number).padStart(2, '0')}`;
    if (!taken.has(id)) return id;
  }
}

export const putFile = (file: ScheduleFile | null): void => change(() => ({ file }));

/** Schedules that were changed keep what was reviewed before: that they were changed since then shows. */
export const addSchedule = (schedule: Schedule): void =>
  change(({ file }) => ({
    file: {
      format: 'isotherm-retention/1',
      schedules: [...(file?.schedules ?? []).filter(({ id }) => id !== schedule.id), schedule],
      review: file?.review ?? null,
    },
  }));

export const removeSchedule = (id: string): void =>
  change(({ file }) => {
    const schedules = (file?.schedules ?? []).filter((schedule) => schedule.id !== id);
    return { file: file === null || schedules.length === 0 ? null : { ...file, schedules } };
  });
