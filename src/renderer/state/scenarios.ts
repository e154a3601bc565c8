import * as v from 'valibot';
import { create } from 'zustand';
import { IntentSchema, type ScenarioIntent } from '../../contract/scenario.ts';
import { keep } from './desk.ts';
import { useSession } from './session.ts';

export const SCENARIO_IDS = ['A', 'B', 'C'] as const;
export type ScenarioId = (typeof SCENARIO_IDS)[number];
/** `now`: the bucket as it is, with the rules it has. */
export type Chosen = 'now' | ScenarioId;

/** Something wanted, switched on or off. */
export type Wanted = ScenarioIntent & { readonly isOn: boolean };

export interface Scenario {
  readonly name: string;
  readonly intents: readonly Wanted[];
}

/** What a person made of the scenarios of one workspace. */
export interface Desk {
  readonly scenarios: Readonly<Record<ScenarioId, Scenario>>;
  readonly chosen: Chosen;
}

const moves = (id: string, target: ScenarioIntent['target'], storageClass: string, days: number, isOn = true): Wanted => ({
  id,
  target,
  prefix: '',
  act: 'move',
  storageClass,
  days,
  isOn,
});
const plain = (id: string, target: ScenarioIntent['target'], act: ScenarioIntent['act'], days: number, isOn = true): Wanted => ({
  id,
  target,
  prefix: '',
  act,
  days,
  isOn,
});

/** From careful to deep. What is not known is never expired in any of them, and live tables are left alone. */
const FIRST: Desk = {
  chosen: 'B',
  scenarios: {
    A: {
      name: 'Careful',
      intents: [
        moves('dataset-rest', 'dataset', 'GLACIER_IR', 180),
        moves('dataset-sleep', 'dataset', 'DEEP_ARCHIVE', 1095, false),
        moves('checkpoint-rest', 'checkpoint', 'GLACIER_IR', 180),
        moves('experiment-rest', 'experiment', 'GLACIER_IR', 365),
        plain('replaced', 'any', 'expireNoncurrent', 90),
        plain('logs', 'log', 'expire', 730, false),
        plain('uploads', 'any', 'abortUploads', 14),
        plain('markers', 'any', 'removeExpiredMarkers', 1, false),
      ],
    },
    B: {
      name: 'Recommended',
      intents: [
        moves('dataset-rest', 'dataset', 'GLACIER_IR', 90),
        moves('dataset-sleep', 'dataset', 'DEEP_ARCHIVE', 730),
        moves('checkpoint-rest', 'checkpoint', 'GLACIER_IR', 60),
        moves('experiment-rest', 'experiment', 'GLACIER_IR', 120),
        plain('replaced', 'any', 'expireNoncurrent', 30),
        plain('logs', 'log', 'expire', 400, false),
        plain('uploads', 'any', 'abortUploads', 7),
        plain('markers', 'any', 'removeExpiredMarkers', 1),
      ],
    },
    C: {
      name: 'Deepest',
      intents: [
        moves('dataset-rest', 'dataset', 'GLACIER_IR', 30),
        moves('dataset-sleep', 'dataset', 'DEEP_ARCHIVE', 365),
        moves('checkpoint-rest', 'checkpoint', 'DEEP_ARCHIVE', 90),
        moves('experiment-rest', 'experiment', 'DEEP_ARCHIVE', 180),
        plain('replaced', 'any', 'expireNoncurrent', 7),
        plain('logs', 'log', 'expire', 180, false),
        plain('uploads', 'any', 'abortUploads', 3),
        plain('markers', 'any', 'removeExpiredMarkers', 1),
      ],
    },
  },
};

interface Scenarios {
  readonly byIndex: Readonly<Record<string, Desk>>;
  /** What undo and redo go back to, newest last. */
  readonly past: readonly Desk[];
  readonly future: readonly Desk[];
  /** While something is dragged: what it was before, so that the drag is one step. */
  readonly dragFrom: Desk | null;
}

const MOST_STEPS = 100;
const MOST_WORKSPACES = 20;

export const useScenarios = create<Scenarios>()(() => ({ byIndex: {}, past: [], future: [], dragFrom: null }));

const IntentOnSchema = v.strictObject({ ...IntentSchema.entries, isOn: v.boolean() });
const ScenarioSchema = v.strictObject({ name: v.string(), intents: v.array(IntentOnSchema) });
const DeskSchema = v.strictObject({
  scenarios: v.strictObject({ A: ScenarioSchema, B: ScenarioSchema, C: ScenarioSchema }),
  chosen: v.picklist(['now', ...SCENARIO_IDS]),
});
keep(useScenarios, 'scenarios', v.object({ byIndex: v.record(v.string(), DeskSchema) }), ({ byIndex }) => ({ byIndex }));

const indexNow = (): string => useSession.getState().index ?? '';
const deskNow = (): Desk => useScenarios.getState().byIndex[indexNow()] ?? FIRST;

/** The scenarios of the open workspace. */
export function useDesk(): Desk {
  const index = useSession((state) => state.index) ?? '';
  return useScenarios((state) => state.byIndex[index]) ?? FIRST;
}

function put(desk: Desk): void {
  useScenarios.setState(({ byIndex }) => {
    const { [indexNow()]: _before, ...others } = byIndex;
    const kept = Object.entries(others).slice(-(MOST_WORKSPACES - 1));
    return { byIndex: { ...Object.fromEntries(kept), [indexNow()]: desk } };
  });
}

/** One step that can be undone. */
function step(change: (desk: Desk) => Desk): void {
  const before = deskNow();
  const after = change(before);
  if (after === before) return;
  put(after);
  useScenarios.setState(({ past }) => ({ past: [...past, before].slice(-MOST_STEPS), future: [] }));
}

const withScenario = (desk: Desk, change: (scenario: Scenario) => Scenario): Desk =>
  desk.chosen === 'now' ? desk : { ...desk, scenarios: { ...desk.scenarios, [desk.chosen]: change(desk.scenarios[desk.chosen]) } };

const withIntent = (desk: Desk, id: string, change: (intent: Wanted) => Wanted): Desk =>
  withScenario(desk, (scenario) => ({
    ...scenario,
    intents: scenario.intents.map((intent) => (intent.id === id ? change(intent) : intent)),
  }));

/** Which scenario is looked at; not a step of its own. */
export const chooseScenario = (chosen: Chosen): void => put({ ...deskNow(), chosen });

export const switchIntent = (id: string, isOn: boolean): void => step((desk) => withIntent(desk, id, (intent) => ({ ...intent, isOn })));

/** Moves a threshold. While it is dragged nothing is a step; letting go makes the whole drag one. */
export function setDays(id: string, days: number, isDragging: boolean): void {
  const { dragFrom } = useScenarios.getState();
  const before = deskNow();
  if (isDragging && dragFrom === null) useScenarios.setState({ dragFrom: before });
  put(withIntent(before, id, (intent) => (intent.days === days ? intent : { ...intent, days })));
  if (isDragging) return;
  const from = dragFrom ?? before;
  const now = deskNow();
  const isSame = JSON.stringify(from) === JSON.stringify(now);
  useScenarios.setState(({ past, future }) => ({
    past: isSame ? past : [...past, from].slice(-MOST_STEPS),
    future: isSame ? future : [],
    dragFrom: null,
  }));
}

export const addIntent = (intent: Wanted): void =>
  step((desk) =>
    withScenario(desk, (scenario) => ({ ...scenario, intents: [...scenario.intents.filter(({ id }) => id !== intent.id), intent] })),
  );

export const removeIntent = (id: string): void =>
  step((desk) => withScenario(desk, (scenario) => ({ ...scenario, intents: scenario.intents.filter((intent) => intent.id !== id) })));

/** Puts a scenario in place of what is there; `chosen` is looked at from then on. */
export const putScenario = (id: ScenarioId, scenario: Scenario): void =>
  step((desk) => ({ chosen: id, scenarios: { ...desk.scenarios, [id]: scenario } }));

export const resetScenario = (id: ScenarioId): void =>
  step((desk) => ({ ...desk, scenarios: { ...desk.scenarios, [id]: FIRST.scenarios[id] } }));

export function undo(): void {
  const { past, future } = useScenarios.getState();
  const to = past.at(-1);
  if (to === undefined) return;
  const now = deskNow();
  put({ ...to, chosen: to.chosen === 'now' ? now.chosen : to.chosen });
  useScenarios.setState({ past: past.slice(0, -1), future: [...future, now] });
}

export function redo(): void {
  const { past, future } = useScenarios.getState();
  const to = future.at(-1);
  if (to === undefined) return;
  const now = deskNow();
  put(to);
  useScenarios.setState({ past: [...past, now], future: future.slice(0, -1) });
}

/** Steps belong to one workspace. */
useSession.subscribe((state, before) => {
  if (state.index !== before.index) useScenarios.setState({ past: [], future: [], dragFrom: null });
});

/** Whether a scenario is as it came. */
export const isFirst = (id: ScenarioId, scenario: Scenario): boolean => JSON.stringify(scenario) === JSON.stringify(FIRST.scenarios[id]);
