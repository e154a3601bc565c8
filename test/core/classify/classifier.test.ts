import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Classifier } from '../../../src/core/classify/classifier.ts';
import { parseRuleSet } from '../../../src/core/classify/rule-set.ts';

const json: unknown = JSON.parse(readFileSync(new URL('../../../resources/classification-rules.json', import.meta.url), 'utf8'));
const parsed = parseRuleSet(json);
if (!parsed.ok) throw new Error(parsed.error.message);
const rules = parsed.value;
const classifier = new Classifier(rules);
const plain = rules.map((rule) => ({ id: rule.id, kind: rule.kind, pattern: new RegExp(rule.regex) }));

/** The obvious way: every pattern in order. */
function oracle(key: string): { kind: string; ruleId: string | null } {
  const rule = plain.find(({ pattern }) => pattern.test(key));
  return { kind: rule?.kind ?? 'other', ruleId: rule?.id ?? null };
}

const samples = rules.flatMap((rule) => rule.samples.map((sample) => ({ rule, sample })));

test('every rule has samples and each is what its rule says, unless an earlier rule takes it', () => {
  expect(rules.length).toBeGreaterThan(30);
  for (const { rule, sample } of samples) {
    expect(new RegExp(rule.regex).test(sample), sample).toBe(true);
    expect(classifier.classify(sample), sample).toMatchObject(oracle(sample));
  }
});

test('every sample is of the kind of its rule, and every counterexample of another rule', () => {
  for (const { rule, sample } of samples) expect(classifier.classify(sample).kind, sample).toBe(rule.kind);
  for (const rule of rules) for (const sample of rule.nonSamples) expect(classifier.classify(sample).ruleId, sample).not.toBe(rule.id);
});

test('compiled rules agree with the plain ordered patterns on keys cut and glued from the samples', () => {
  const pieces = [
    ...new Set(
      samples.flatMap(({ sample }) => {
        const parts = sample.split('/');
        return [...parts, ...parts.map((part) => part.replace(/\d+/g, '7')), ...sample.split(/[-_.=/]/)];
      }),
    ),
    'ø',
    '雪',
    '\u202e',
    '\n',
    ' ',
    '=',
    '%2F',
    '+',
    '',
    '.gz',
    '.json',
    '.pt',
    'step=3',
    '0123456789abcdef0123456789abcd',
  ];
  const key = fc
    .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom('/', '', '-', '.', '_')), { minLength: 1, maxLength: 7 })
    .map((parts) => parts.map(([piece, glue], i) => piece + (i === parts.length - 1 ? '' : glue)).join(''));
  fc.assert(
    fc.property(key, (text) => {
      const { kind, ruleId } = classifier.classify(text);
      expect({ kind, ruleId }).toEqual(oracle(text));
    }),
    { seed: 20261124, numRuns: 8000 },
  );
});

test('compiled rules agree with the plain ordered patterns on samples with characters changed', () => {
  const edit = fc.tuple(
    fc.constantFrom(...samples.map(({ sample }) => sample)),
    fc.nat(120),
    fc.nat(3),
    fc.constantFrom('', '/', 'x', '0', '.', '-', 'é', 'ckpt'),
  );
  fc.assert(
    fc.property(edit, ([sample, at, remove, insert]) => {
      const text = sample.slice(0, at) + insert + sample.slice(at + remove);
      const { kind, ruleId } = classifier.classify(text);
      expect({ kind, ruleId }).toEqual(oracle(text));
    }),
    { seed: 7, numRuns: 8000 },
  );
});

describe('units', () => {
  test.each([
    ['out/run1/checkpoint-500/trainer_state.json', 'out/run1/checkpoint-500/'],
    ['lake/t/_delta_log/00000000000000000010.json', 'lake/t/'],
    ['_delta_log/00000000000000000010.json', ''],
    ['wh/db/t1/metadata/v12.metadata.json', 'wh/db/t1/'],
    ['mlruns/0/0123456789abcdef0123456789abcdef/artifacts/model/MLmodel', 'mlruns/0/0123456789abcdef0123456789abcdef/'],
    ['store/files/md5/ab/0123456789abcdef0123456789abcd', 'store/files/md5/'],
    ['ck/last.ckpt', 'ck/last.ckpt'],
    ['/ck/last.ckpt', '/ck/last.ckpt'],
    ['tf/model.ckpt-5000.data-00000-of-00001', 'tf/model.ckpt-5000'],
    ['models/clf.onnx', null],
  ])('%s is kept or deleted with %s', (key, unit) => {
    const { ruleId } = classifier.classify(key);
    const rule = rules.findIndex(({ id }) => id === ruleId);
    expect(classifier.match(rule, key)?.unit).toBe(unit);
  });

  test('the unit of every sample is where the sample is', () => {
    for (const { rule, sample } of samples) {
      const path = classifier.match(rules.indexOf(rule), sample)?.unit;
      if (typeof path === 'string') expect(sample.startsWith(path), `${rule.id} ${sample}`).toBe(true);
      else expect(rule.unit, `${rule.id} ${sample}`).toBe('self');
    }
  });
});

const PLAIN_RULE = { id: 'a', kind: 'log', confidence: 'high', reason: 'r', regex: 'a', unit: 'self', samples: [], nonSamples: [] };

test.each([
  ['no rules at all', {}],
  ['another schema', { schema: 'isotherm-classification/3', rules: [] }],
  ['a kind that is not one', { schema: 'isotherm-classification/2', rules: [{ ...PLAIN_RULE, kind: 'cat' }] }],
  ['a broken pattern', { schema: 'isotherm-classification/2', rules: [{ ...PLAIN_RULE, regex: '(' }] }],
])('refuses %s', (_, rulesJson) => {
  const result = parseRuleSet(rulesJson);
  expect(result.ok ? null : result.error.code).toBe('FileUnreadable');
});
