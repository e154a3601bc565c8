import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ok } from '../../src/contract/result.ts';

vi.mock('../../src/renderer/api/client.ts', () => ({ client: { call: async () => ok({ desk: null }) } }));
const { useSession } = await import('../../src/renderer/state/session.ts');
const { addIntent, chooseScenario, isFirst, redo, resetScenario, setDays, switchIntent, undo, useScenarios } = await import(
  '../../src/renderer/state/scenarios.ts'
);
const { dayScale } = await import('../../src/renderer/components/day-slider.tsx');

const INDEX = '/w/a.db';
const desk = () => useScenarios.getState().byIndex[INDEX];
const daysOf = (id: string): number | undefined => desk()?.scenarios.B.intents.find((intent) => intent.id === id)?.days;

beforeEach(() => {
  useSession.setState({ index: undefined });
  useSession.setState({ index: INDEX });
  useScenarios.setState({ byIndex: {}, past: [], future: [], dragFrom: null });
});

describe('thresholds', () => {
  test('a drag is one step, however many places it passes', () => {
    for (const days of [91, 95, 120, 140]) setDays('dataset-rest', days, true);
    expect(daysOf('dataset-rest')).toBe(140);
    setDays('dataset-rest', 150, false);
    expect(useScenarios.getState().past).toHaveLength(1);
    undo();
    expect(daysOf('dataset-rest')).toBe(90);
    redo();
    expect(daysOf('dataset-rest')).toBe(150);
  });

  test('a drag that ends where it began is no step', () => {
    setDays('dataset-rest', 300, true);
    setDays('dataset-rest', 90, false);
    expect(useScenarios.getState().past).toEqual([]);
  });

  test('something new after undo forgets what could be redone', () => {
    setDays('replaced', 60, false);
    undo();
    switchIntent('logs', true);
    expect(useScenarios.getState().future).toEqual([]);
  });
});

test('undo goes back to the very beginning and redo to the very end, whatever was done', () => {
  const act = fc.oneof(
    fc.record({
      do: fc.constant('days' as const),
      id: fc.constantFrom('dataset-rest', 'replaced', 'uploads'),
      days: fc.integer({ min: 1, max: 60 }),
    }),
    fc.record({ do: fc.constant('switch' as const), id: fc.constantFrom('logs', 'markers'), isOn: fc.boolean() }),
    fc.record({ do: fc.constant('add' as const), days: fc.integer({ min: 1, max: 60 }) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      useScenarios.setState({ byIndex: {}, past: [], future: [], dragFrom: null });
      chooseScenario('B');
      const first = JSON.stringify(desk());
      for (const one of acts) {
        if (one.do === 'days') setDays(one.id, one.days, false);
        else if (one.do === 'switch') switchIntent(one.id, one.isOn);
        else addIntent({ id: 'own-x', target: 'model', prefix: 'm/', act: 'expire', days: one.days, isOn: true });
      }
      const last = JSON.stringify(desk());
      for (let i = 0; i < 20; i++) undo();
      expect(JSON.stringify(desk())).toBe(first);
      for (let i = 0; i < 20; i++) redo();
      expect(JSON.stringify(desk())).toBe(last);
    }),
    { seed: 7 },
  );
});

test('a plan can be put back as it came, and that too can be undone', () => {
  setDays('dataset-rest', 200, false);
  expect(isFirst('B', desk()?.scenarios.B ?? { name: '', intents: [] })).toBe(false);
  resetScenario('B');
  expect(isFirst('B', desk()?.scenarios.B ?? { name: '', intents: [] })).toBe(true);
  undo();
  expect(daysOf('dataset-rest')).toBe(200);
});

test('the steps of one workspace are not those of another', () => {
  setDays('dataset-rest', 200, false);
  useSession.setState({ index: '/w/b.db' });
  undo();
  useSession.setState({ index: INDEX });
  expect(daysOf('dataset-rest')).toBe(200);
});

test('every day has its place on the track, and the place its day', () => {
  for (const most of [60, 365, 1095, 3650]) {
    for (let days = 1; days <= most; days++) expect(dayScale(most).valueAt(dayScale(most).placeOf(days))).toBe(days);
    expect([dayScale(most).valueAt(-1), dayScale(most).valueAt(2)]).toEqual([1, most]);
  }
});
