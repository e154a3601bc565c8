import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Impact } from '../../../src/contract/impact.ts';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import { METHODS, type ParamsIn } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import { impactWords } from '../../../src/main/cli/words/impact-words.ts';
import { impactHandlers } from '../../../src/main/engine/handlers/impact.ts';
import { oracleKeys } from '../../../src/main/engine/oracle-keys.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { daysAgo, inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const context = (folder: string, signal = new AbortController().signal) => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal,
  progress: () => undefined,
});
const minimumSize = 'all_storage_classes_128K' as const;
const configured = (...Rules: Rule[]) => ({
  configuration: Rules.length === 0 ? null : ({ Rules } as LifecycleConfiguration),
  minimumSize,
});
const expiring = (Prefix: string, Days: number, more: Partial<Rule> = {}): Rule => ({
  ID: `${Prefix}${Days}`,
  Status: 'Enabled',
  Filter: { Prefix },
  Expiration: { Days },
  ...more,
});

const ask = (folder: string, params: ParamsIn<'policy.impact'>, signal?: AbortSignal) =>
  impactHandlers['policy.impact'](v.parse(METHODS['policy.impact'].params, params), context(folder, signal));
async function impactOf(folder: string, params: ParamsIn<'policy.impact'>): Promise<Impact> {
  const result: Result<Impact> = await ask(folder, params);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  expect(v.safeParse(METHODS['policy.impact'].result, result.value).success).toBe(true);
  return result.value;
}
const changesOf = (impact: Impact) => impact.changes.map(({ act, change, versions, bytes }) => `${change} ${act} ${versions} ${bytes}`);

test('keys that are hard to spell are counted and witnessed as they are', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const keys = [
      'logs/‮gpj.exe',
      'logs/😀',
      'logs/a+b%2F c',
      'logs//',
      'logs//x',
      'logs/=1+1',
      `logs/${'é'.repeat(509)}a`,
      'logs/log',
      'other',
    ];
    await writeIndex(
      index,
      keys.map((key, at) => row(key, { lastModifiedMs: daysAgo(40), sizeBytes: 1000 + at })),
    );
    const impact = await impactOf(folder, {
      index,
      current: configured(expiring('logs/log', 400)),
      proposed: configured(expiring('logs/', 30)),
    });
    expect(changesOf(impact)).toEqual(['newly hide 7 7021', 'earlier hide 1 1007']);
    expect(impact.destroyed).toEqual({ versions: 8, bytes: 8028, units: impact.destroyed.units, ifTagged: { versions: 0, bytes: 0 } });
    expect(impact.changes[0]?.witnesses.map(({ key }) => key)).toEqual([keys[6], keys[5], keys[4], keys[3], keys[2]]);
    expect(impact.changes[1]).toMatchObject({
      currentDates: { first: '2027-11-16', last: '2027-11-16' },
      proposedDates: { first: '2026-11-21', last: '2026-11-21' },
      witnesses: [{ key: 'logs/log', current: [{ date: '2027-11-16', act: 'hide', ruleId: 'logs/log400' }] }],
    });
    const words = impactWords(impact);
    expect(words).toContain('8 versions (7.84 KiB');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
    expect(words).not.toMatch(/[\u202e\u0000-\u0009\u000b-\u001f]/);
  }));

test('a rule that lost its size filter takes what it left alone, and a rule that lost its count takes every version', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const versions = Array.from({ length: 5 }, (_, at) =>
      row('ckpt/last.pt', {
        versionId: `v${at}`,
        state: at === 0 ? 'current' : 'noncurrent',
        lastModifiedMs: daysAgo(10 + at),
        sizeBytes: 100 + at,
      }),
    );
    await writeIndex(index, [...versions, row('tmp/large', { sizeBytes: 5_000_000 }), row('tmp/small', { sizeBytes: 5 })]);
    const sized = expiring('tmp/', 30, { Filter: { And: { Prefix: 'tmp/', ObjectSizeGreaterThan: 1_000_000 } } });
    const lost = await impactOf(folder, { index, current: configured(sized), proposed: configured(expiring('tmp/', 30)) });
    expect(changesOf(lost)).toEqual(['newly hide 1 5']);
    const keeping = (more: object): Rule => ({
      ID: 'n',
      Status: 'Enabled',
      Filter: { Prefix: 'ckpt/' },
      NoncurrentVersionExpiration: { NoncurrentDays: 1, ...more },
    });
    const all = await impactOf(folder, {
      index,
      current: configured(keeping({ NewerNoncurrentVersions: 2 })),
      proposed: configured(keeping({})),
    });
    expect(changesOf(all)).toEqual(['newly remove 2 203']);
    expect(all.changes[0]?.witnesses).toMatchObject([{ key: 'ckpt/last.pt', versionId: 'v2' }]);
  }));

test('what depends on tags is told apart, and counts in what would be destroyed', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [row('tmp/a', { sizeBytes: 7 }), row('tmp/b', { sizeBytes: 8 }), row('keep/a')]);
    const tagged = expiring('tmp/', 30, { Filter: { And: { Prefix: 'tmp/', Tags: [{ Key: 'team', Value: 'x' }] } } });
    const impact = await impactOf(folder, { index, current: configured(), proposed: configured(tagged) });
    expect(impact.changes).toMatchObject([{ change: 'newly', act: 'hide', ifTagged: true, versions: 2, bytes: 15 }]);
    expect(impact.destroyed).toMatchObject({ versions: 2, bytes: 15, ifTagged: { versions: 2, bytes: 15 } });
    expect(impact.days).toMatchObject([{ date: '2026-12-11', ifTagged: true, versions: 2, newVersions: 2 }]);
    expect(impact.notCovered.join(' ')).toContain('No snapshot tells tags');
    // The same rule on both sides is no change, whoever carries the tag.
    expect(changesOf(await impactOf(folder, { index, current: configured(tagged), proposed: configured(tagged) }))).toEqual([]);
  }));

test('a key whose versions lie in two blocks of the index is seen whole', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const before = Array.from({ length: 65_500 }, (_, at) => row(`a${String(at).padStart(6, '0')}`));
    const versions = Array.from({ length: 200 }, (_, at) =>
      row('state.json', { versionId: `v${at}`, state: at === 0 ? 'current' : 'noncurrent', lastModifiedMs: daysAgo(20) - at * 1000 }),
    );
    await writeIndex(index, [...before, ...versions, row('z')], { batchRows: 10_000 });
    const rule: Rule = {
      ID: 'n',
      Status: 'Enabled',
      Filter: { Prefix: 's' },
      NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 100 },
    };
    const impact = await impactOf(folder, { index, current: configured(), proposed: configured(rule) });
    expect(changesOf(impact)).toEqual(['newly remove 99 99000']);
    const reader = openIndex(index);
    const cube = reader.ok ? reader.value.cube('1') : reader;
    if (!reader.ok || !cube.ok) throw new Error('there is an index');
    const told = [...oracleKeys(reader.value, '1', cube.value)].filter(({ key }) => key === 'state.json');
    expect(told.map((key) => key.versions.length)).toEqual([200]);
  }));

test('an unknown snapshot, a missing index and a cancelled call are told by their codes', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [row('a')]);
    const both = { current: configured(), proposed: configured(expiring('', 1)) };
    const code = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);
    expect(code(await ask(folder, { index, snapshotId: '9', ...both }))).toBe('SnapshotNotFound');
    expect(code(await ask(folder, { index: join(folder, 'no.db'), ...both }))).toBe('IndexNotFound');
    expect(code(await ask(folder, { index, ...both }, AbortSignal.abort()))).toBe('Cancelled');
    expect(code(await ask(folder, { index, ...both, region: 'nowhere' }))).toBe('RegionUnknown');
  }));
