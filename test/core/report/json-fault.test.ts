import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFaultRow } from '../../../src/core/report/json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('agrees with the parser on what is JSON', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(255), (json, at, letter) => {
      expect(jsonFaultRow(json)).toBeNull();
      const place = at % (json.length + 1);
      const changed = `${json.slice(0, place)}${String.fromCharCode(letter)}${json.slice(place + 1)}`;
      expect(jsonFaultRow(changed) === null).toBe(isJson(changed));
      const cut = json.slice(0, place);
      expect(jsonFaultRow(cut) === null).toBe(isJson(cut));
    }),
    { numRuns: process.env.ISOTHERM_DEEP === '1' ? 20_000 : 1_000 },
  );
});

test('names the line at which it stops', () => {
  expect(jsonFaultRow('{\n  "a": 1,\n  "b" 2\n}')).toBe(3);
  expect(jsonFaultRow('{\n  "a": 1\n}\nx')).toBe(4);
  expect(jsonFaultRow('[1,\n2\n')).toBe(3);
  expect(jsonFaultRow('')).toBe(1);
});
