import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration } from '../../../src/contract/lifecycle.ts';
import { readPolicyText } from '../../../src/core/policy/formats/formats.ts';
import { policyDocument } from '../../../src/core/policy/validate/validate.ts';
import type { RunOptions } from '../../../src/core/simulate/options.ts';
import { KeyStory } from '../../../src/core/simulate/oracle/oracle.ts';
import { bothEngines, bothStates, single, stack } from '../../support/engines.ts';
import { dayOf } from '../../support/memory-snapshot.ts';

/** The worked examples of AWS's documentation, configuration by configuration, with the day or the outcome its pages name. */
const GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const MIB = 2 ** 20;

/** Rules as the pages write them: XML. S3 takes every one of them but where a test says otherwise. */
function configured(...rules: readonly string[]): LifecycleConfiguration {
  const text = rules.map((rule, at) => `<Rule><ID>Rule ${at + 1}</ID>${rule}</Rule>`).join('');
  const raw = readPolicyText(`<LifecycleConfiguration>${text}</LifecycleConfiguration>`);
  if (!raw.ok) throw new Error(raw.error.message);
  const document = policyDocument(raw.value);
  if (!document.ok) throw new Error(document.error.message);
  return document.value.configuration;
}
const on = (filter: string, actions: string, status = 'Enabled'): string =>
  `<Filter>${filter}</Filter><Status>${status}</Status>${actions}`;
const prefix = (text: string): string => `<Prefix>${text}</Prefix>`;
const to = (storageClass: string, days: number): string =>
  `<Transition><Days>${days}</Days><StorageClass>${storageClass}</StorageClass></Transition>`;
const expires = (days: number): string => `<Expiration><Days>${days}</Days></Expiration>`;
const noncurrent = (days: number, newer = ''): string =>
  `<NoncurrentVersionExpiration>${newer}<NoncurrentDays>${days}</NoncurrentDays></NoncurrentVersionExpiration>`;
const newer = (count: number): string => `<NewerNoncurrentVersions>${count}</NewerNoncurrentVersions>`;

/** What is there of some keys after the run of each day: class and state, with how many. */
function told(...asked: Parameters<typeof bothStates>): Record<string, number> {
  const { byClass, deleteMarkers } = bothStates(...asked);
  const rows = Object.entries(byClass).flatMap(([name, { current, noncurrent: old }]) => [
    [name, current.versions] as const,
    [`${name} noncurrent`, old.versions] as const,
  ]);
  return Object.fromEntries([...rows, ['markers', deleteMarkers] as const].filter(([, count]) => count > 0));
}
const written = (key: string, when: string, sizeBytes = MIB) => single({ key, written: when, sizeBytes });

describe(`when a rule is due (${GUIDE}/intro-lifecycle-rules.html)`, () => {
  test('created 1/15/2014 10:30 UTC, 3 days: moved on 1/19/2014 00:00 UTC', () => {
    const { effects } = bothEngines([written('a', '2014-01-15T10:30:00Z')], configured(on('', to('GLACIER', 3))), { asOf: '2014-01-15' });
    expect(effects.firstTransition).toBe('2014-01-19');
  });
  test('replaced 1/15/2014 10:30 UTC, 3 days after becoming noncurrent: moved on 1/19/2014 00:00 UTC', () => {
    const rule = configured(
      on(
        '',
        '<NoncurrentVersionTransition><NoncurrentDays>3</NoncurrentDays><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>',
      ),
    );
    const key = stack('a', { written: '2014-01-15T10:30:00Z', sizeBytes: MIB }, { written: '2014-01-01T10:30:00Z', sizeBytes: MIB });
    const { effects } = bothEngines([key], rule, { asOf: '2014-01-15', versioning: 'enabled' });
    expect(effects).toMatchObject({ firstTransition: '2014-01-19', transitions: [{ versions: 1 }] });
  });
  test('photo.gif, deleted 1/2/2014 11:30 UTC, 5 days noncurrent: removed on 1/8/2014 00:00 UTC', () => {
    const key = stack('photo.gif', { written: '2014-01-02T11:30:00Z', isMarker: true }, { written: '2014-01-01T11:30:00Z' });
    const { effects } = bothEngines([key], configured(on('', noncurrent(5))), { asOf: '2014-01-02', versioning: 'enabled' });
    expect(effects).toMatchObject({ firstExpiration: '2014-01-08', expired: { versions: 1 } });
  });
  test('a date that is past holds for all, and goes on holding for what is written later', () => {
    const rule = configured(on('', '<Expiration><Date>2014-01-01T00:00:00Z</Date></Expiration>'));
    const keys = [written('old', '2013-06-01T00:00:00Z'), written('new', '2014-01-20T08:00:00Z')];
    expect(told(keys, rule, { asOf: '2014-01-15' }, '2014-01-16')).toEqual({});
    expect(told(keys, rule, { asOf: '2014-01-15' }, '2014-01-20')).toEqual({ STANDARD: 1 });
    expect(told(keys, rule, { asOf: '2014-01-15' }, '2014-01-21')).toEqual({});
  });
  test('sizes of a filter exclude their own value: 128 KiB to 1 MiB moves neither of the two', () => {
    const range = '<And><ObjectSizeGreaterThan>131072</ObjectSizeGreaterThan><ObjectSizeLessThan>1048576</ObjectSizeLessThan></And>';
    const keys = [131_072, 131_073, 1_048_575, 1_048_576].map((size) => written(`k${size}`, '2025-01-01', size));
    expect(told(keys, configured(on(range, to('GLACIER', 1))), { asOf: '2026-01-01' }, '2026-01-02')).toEqual({ STANDARD: 2, GLACIER: 2 });
  });
});

describe(`which of several actions is taken (${GUIDE}/lifecycle-conflicts.html)`, () => {
  const logs = [written('logs/a', '2026-01-01T10:00:00Z')];
  const how = { asOf: '2026-01-01' };
  test('example 1, overlapping prefixes without a conflict: moved after 30 days, deleted after a year', () => {
    const rules = configured(on('', expires(365)), on(prefix('logs/'), to('STANDARD_IA', 30)));
    expect(told([...logs, written('other', '2026-01-01T10:00:00Z')], rules, how, '2026-02-01')).toEqual({ STANDARD: 1, STANDARD_IA: 1 });
    expect(told(logs, rules, how, '2027-01-01')).toEqual({ STANDARD_IA: 1 });
    expect(told(logs, rules, how, '2027-01-02')).toEqual({});
  });
  test('example 2, expiration and transition after the same 365 days: it is expired, and never moved', () => {
    const rules = configured(on(prefix('logs/'), expires(365)), on(prefix('logs/'), to('STANDARD_IA', 365)));
    const { effects } = bothEngines(logs, rules, { ...how, months: 14 });
    expect(effects).toMatchObject({ expired: { versions: 1 }, transitions: [] });
  });
  test('example 3, two transitions to one class: the one after 10 days', () => {
    // S3 takes no STANDARD_IA before 30 days today; the page keeps the example.
    const rules = configured(on(prefix(''), to('STANDARD_IA', 10)), on(prefix('logs/'), to('STANDARD_IA', 365)));
    expect(bothEngines(logs, rules, how).effects.firstTransition).toBe('2026-01-12');
  });
  test('example 4, tags: with both tags the object is expired after 14 days and never moved', () => {
    const tag = (name: string, value: string): string => `<Tag><Key>${name}</Key><Value>${value}</Value></Tag>`;
    const rules = configured(on(tag('tag1', 'value1'), to('GLACIER', 365)), on(tag('tag2', 'value2'), expires(14)));
    const tags = [
      { Key: 'tag1', Value: 'value1' },
      { Key: 'tag2', Value: 'value2' },
    ];
    const key = single({ key: 'a', written: '2026-01-01T10:00:00Z', tags });
    const options: RunOptions = {
      asOfDay: dayOf('2026-01-01'),
      lagDays: 0,
      versioning: 'unversioned',
      minimumSize: 'all_storage_classes_128K',
      tags: 'none',
      tiers: 'stay',
    };
    const told = new KeyStory(key, rules, options);
    const story = Array.from({ length: 400 }, (_, at) => options.asOfDay + 1 + at).flatMap((day) =>
      told.run(day).map(({ kind }) => `${new Date(day * 86_400_000).toISOString().slice(0, 10)} ${kind}`),
    );
    expect(story).toEqual(['2026-01-16 removed']);
    // An inventory tells of no tags: nothing in the figures, and a red flag.
    const { totals, redFlags } = bothEngines(logs, rules, how);
    expect(totals.savingNanoUsd).toBe('0');
    expect(redFlags.join()).toContain('Rule 2');
  });
  test('permanent deletion before transition, transition before a delete marker, GLACIER before STANDARD_IA', () => {
    const both = configured(on('', `${to('STANDARD_IA', 30)}${to('GLACIER', 60)}${expires(61)}`));
    expect(told(logs, both, { asOf: '2026-06-01' }, '2026-06-02')).toEqual({});
    // A versioned bucket: moved on the first run, hidden on the second.
    const versioned = { asOf: '2026-06-01', versioning: 'enabled' as const };
    expect(told(logs, both, versioned, '2026-06-02')).toEqual({ GLACIER: 1 });
    expect(told(logs, both, versioned, '2026-06-03')).toEqual({ 'GLACIER noncurrent': 1, markers: 1 });
  });
  test('Intelligent-Tiering before every class but the two archives', () => {
    const between = (other: string) => configured(on('', to('INTELLIGENT_TIERING', 40)), on('', to(other, 40)));
    for (const other of ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR'])
      expect(told(logs, between(other), { asOf: '2026-06-01' }, '2026-06-02')).toEqual({ INTELLIGENT_TIERING: 1 });
    for (const other of ['GLACIER', 'DEEP_ARCHIVE'])
      expect(told(logs, between(other), { asOf: '2026-06-01' }, '2026-06-02')).toEqual({ [other]: 1 });
  });
});

describe(`examples of configurations (${GUIDE}/lifecycle-configuration-examples.html)`, () => {
  const how = { asOf: '2026-01-01' };
  test('tax/: archived after a year, deleted after ten', () => {
    const rules = configured(on(prefix('tax/'), `${to('GLACIER', 365)}${expires(3650)}`));
    const keys = [written('tax/doc1.txt', '2026-01-01T10:00:00Z'), written('other/doc1.txt', '2026-01-01T10:00:00Z')];
    expect(told(keys, rules, how, '2027-01-01')).toEqual({ STANDARD: 2 });
    expect(told(keys, rules, how, '2027-01-02')).toEqual({ STANDARD: 1, GLACIER: 1 });
    // 3,650 days after 1 January 2026: two leap days short of ten years.
    expect(told(keys, rules, how, '2035-12-31')).toEqual({ STANDARD: 1 });
    expect(told(keys, rules, how, '2035-12-30')).toEqual({ STANDARD: 1, GLACIER: 1 });
  });
  test('0 days: archived at the midnight after creation', () => {
    expect(told([written('a', '2026-01-01T10:00:00Z')], configured(on(prefix(''), to('GLACIER', 0))), how, '2026-01-02')).toEqual({
      GLACIER: 1,
    });
  });
  test('a disabled rule does nothing', () => {
    const rules = configured(on(prefix('logs/'), to('GLACIER', 0)), on(prefix('documents/'), to('GLACIER', 0), 'Disabled'));
    const keys = [written('logs/a', '2026-01-01T10:00:00Z'), written('documents/a', '2026-01-01T10:00:00Z')];
    expect(told(keys, rules, how, '2026-12-31')).toEqual({ GLACIER: 1, STANDARD: 1 });
  });
  test('tiering down: STANDARD_IA after 30 days, GLACIER after 90, gone after a year', () => {
    const rules = configured(on(prefix('logs/'), `${to('STANDARD_IA', 30)}${to('GLACIER', 90)}${expires(365)}`));
    const keys = [written('logs/a', '2026-01-01T10:00:00Z')];
    const days = ['2026-01-31', '2026-02-01', '2026-04-01', '2026-04-02', '2027-01-01', '2027-01-02'];
    expect(days.map((day) => Object.keys(told(keys, rules, how, day))[0])).toEqual([
      'STANDARD',
      'STANDARD_IA',
      'STANDARD_IA',
      'GLACIER',
      'GLACIER',
      undefined,
    ]);
  });
  test('several rules: classA/ and classB/ go their own ways', () => {
    const rules = configured(
      on(prefix('classA/'), `${to('GLACIER', 365)}${expires(3650)}`),
      on(prefix('classB/'), `${to('STANDARD_IA', 90)}${expires(365)}`),
    );
    const keys = ['classA/a', 'classB/a'].map((key) => written(key, '2026-01-01T10:00:00Z'));
    expect(told(keys, rules, how, '2026-04-02')).toEqual({ STANDARD: 1, STANDARD_IA: 1 });
    expect(told(keys, rules, how, '2027-01-02')).toEqual({ GLACIER: 1 });
  });
  test('a versioned bucket: a year of history, and five noncurrent versions whatever their age', () => {
    const rules = configured(
      on(
        prefix(''),
        `${to('STANDARD_IA', 90)}<NoncurrentVersionTransition><NoncurrentDays>30</NoncurrentDays><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>${noncurrent(365, newer(5))}`,
      ),
    );
    const key = stack('a', ...Array.from({ length: 8 }, (_, at) => ({ written: `2026-01-${20 - at}T10:00:00Z`, sizeBytes: MIB })));
    const versioned = { asOf: '2026-01-20', versioning: 'enabled' as const };
    expect(told([key], rules, versioned, '2026-02-20')).toEqual({ STANDARD: 1, 'GLACIER noncurrent': 7 });
    // The API reference: so many noncurrent versions are retained; both values have to be exceeded.
    expect(told([key], rules, versioned, '2027-01-10')).toEqual({ STANDARD_IA: 1, 'GLACIER noncurrent': 7 });
    expect(told([key], rules, versioned, '2027-02-01')).toEqual({ STANDARD_IA: 1, 'GLACIER noncurrent': 5 });
  });
  test('all versions are gone 90 days after creation, and the delete markers after them', () => {
    const rules = configured(on('', `${expires(60)}${noncurrent(30)}`));
    const keys = [written('a', '2026-01-01T00:00:00Z')];
    const versioned = { asOf: '2026-01-01', versioning: 'enabled' as const };
    expect(told(keys, rules, versioned, '2026-03-01')).toEqual({ STANDARD: 1 });
    expect(told(keys, rules, versioned, '2026-03-02')).toEqual({ 'STANDARD noncurrent': 1, markers: 1 });
    expect(told(keys, rules, versioned, '2026-03-31')).toEqual({ 'STANDARD noncurrent': 1, markers: 1 });
    // The marker goes once it is as old as the rule's days.
    expect(told(keys, rules, versioned, '2026-04-01')).toEqual({ markers: 1 });
    expect(told(keys, rules, versioned, '2026-05-01')).toEqual({});
  });
  test('ExpiredObjectDeleteMarker: the marker goes with the last version behind it', () => {
    const rules = configured(
      on(prefix('logs/'), `<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>${noncurrent(30)}`),
    );
    const key = stack('logs/a', { written: '2026-01-01T10:00:00Z', isMarker: true }, { written: '2025-12-01T10:00:00Z' });
    const versioned = { asOf: '2026-01-01', versioning: 'enabled' as const };
    expect(told([key], rules, versioned, '2026-01-31')).toEqual({ 'STANDARD noncurrent': 1, markers: 1 });
    expect(told([key], rules, versioned, '2026-02-01')).toEqual({});
  });
  test('incomplete uploads are aborted seven days after they were begun', () => {
    const rules = configured(
      on(
        prefix('SomeKeyPrefix/'),
        '<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
      ),
    );
    const upload = { initiatedMs: Date.parse('2026-01-01T10:00:00Z'), storageClass: 'STANDARD', bytes: MIB };
    const uploads = ['SomeKeyPrefix/a', 'Other/a'].map((key) => ({ ...upload, key }));
    const { effects, months } = bothEngines([], rules, { ...how, months: 1, uploads });
    expect(effects.abortedUploads).toEqual({ uploads: 1, bytes: MIB });
    // 31 days of the other's MiB and 8 of this one's: it is there until the run of 9 January.
    expect(months[0]?.planNanoUsd).toBe(((23_000_000 * (31 + 8)) / 1024 / 31).toFixed(0));
  });
  test('objects larger than 500 bytes, and those between 500 and 64,000', () => {
    const keys = [500, 501, 63_999, 64_000].map((size) => written(`tax/${size}`, '2024-01-01', size));
    const larger = '<And><Prefix>tax/</Prefix><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan></And>';
    expect(told(keys, configured(on(larger, to('GLACIER', 365))), how, '2026-01-02')).toEqual({ STANDARD: 1, GLACIER: 3 });
    const between = '<And><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan><ObjectSizeLessThan>64000</ObjectSizeLessThan></And>';
    expect(told(keys, configured(on(between, to('GLACIER', 365))), how, '2026-01-02')).toEqual({ STANDARD: 2, GLACIER: 2 });
  });
  test('noncurrent objects without data go, delete markers among them, but for the ten newest', () => {
    const rules = configured(on('<ObjectSizeLessThan>1</ObjectSizeLessThan>', noncurrent(30, newer(10))));
    const empty = Array.from({ length: 14 }, (_, at) => ({
      written: `2026-01-${String(20 - at).padStart(2, '0')}T10:00:00Z`,
      sizeBytes: 0,
      isMarker: at % 2 === 1,
    }));
    const full = { written: '2026-01-01T10:00:00Z', sizeBytes: 1 };
    const versioned = { asOf: '2026-01-20', versioning: 'enabled' as const };
    const before = { STANDARD: 1, 'STANDARD noncurrent': 7, markers: 7 };
    expect(told([stack('a', ...empty, full)], rules, versioned, '2026-01-20')).toEqual(before);
    // Thirteen noncurrent ones without data: three beyond the ten, of which two are markers. What has data stays.
    expect(told([stack('a', ...empty, full)], rules, versioned, '2026-06-01')).toEqual({
      STANDARD: 1,
      'STANDARD noncurrent': 6,
      markers: 5,
    });
  });
  test('a size filter of its own lets small objects move to GLACIER_IR; the default keeps them', () => {
    const keys = [written('a', '2024-01-01', 2000)];
    const own = configured(on('<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan>', to('GLACIER_IR', 365)));
    expect(told(keys, own, how, '2026-01-02')).toEqual({ GLACIER_IR: 1 });
    expect(told(keys, configured(on('', to('GLACIER_IR', 365))), how, '2026-01-02')).toEqual({ STANDARD: 1 });
  });
  test('varies_by_storage_class lets small objects move to the two archives alone', () => {
    const keys = [written('a', '2024-01-01', 2000)];
    const older = { ...how, minimumSize: 'varies_by_storage_class' as const };
    expect(told(keys, configured(on('', to('GLACIER', 365))), older, '2026-01-02')).toEqual({ GLACIER: 1 });
    expect(told(keys, configured(on('', to('DEEP_ARCHIVE', 365))), older, '2026-01-02')).toEqual({ DEEP_ARCHIVE: 1 });
    expect(told(keys, configured(on('', to('GLACIER_IR', 365))), older, '2026-01-02')).toEqual({ STANDARD: 1 });
  });
});
