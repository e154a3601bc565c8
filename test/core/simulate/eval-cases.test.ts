import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LifecycleConfiguration, Tag } from '../../../src/contract/lifecycle.ts';
import { DAY_MS } from '../../../src/contract/units.ts';
import { readSdkJson } from '../../../src/core/policy/formats/json.ts';
import { policyDocument } from '../../../src/core/policy/validate/validate.ts';
import type { Versioning } from '../../../src/core/simulate/options.ts';
import { KeyStory } from '../../../src/core/simulate/oracle/oracle.ts';
import { casePath, needCase } from '../../support/cases.ts';
import { single } from '../../support/engines.ts';

interface Case {
  readonly name: string;
  readonly now: string;
  readonly config: object;
  readonly object: {
    readonly key: string;
    readonly tags: string;
    readonly lastModified: string | null;
    readonly isDeleteMarker: boolean;
    readonly isLatest: boolean;
    readonly successorModified: string | null;
  };
  readonly expectAction: string;
  readonly notes: string;
}

const FILE = 'lifecycle-eval-cases.json';
/** What S3 does where the cases name an action of theirs. */
const DEEDS: Readonly<Record<string, string | null>> = {
  NoneAction: null,
  DeleteAction: 'removed',
  DeleteVersionAction: 'removed',
  TransitionAction: 'transition',
  TransitionVersionAction: 'transition',
};

/** Why S3 has no meaning for a case; null where it has one. */
function withoutMeaning({ notes, object }: Case): string | null {
  if (notes !== '') return notes;
  if (object.key === '') return 'S3 has no empty key';
  return object.lastModified === null ? 'every object of S3 has a LastModified' : null;
}

/** Tiers have names of their own where the cases come from; any archive of S3 may stand for one. */
const configurationOf = ({ config }: Case): LifecycleConfiguration => {
  const text = JSON.stringify(config).replace(/"(WARM-1|S3TIER-1)"/g, '"GLACIER"');
  const document = policyDocument(readSdkJson(JSON.parse(text)));
  if (!document.ok) throw new Error(document.error.message);
  return document.value.configuration;
};

const tagsOf = (text: string): Tag[] => [...new URLSearchParams(text)].map(([Key, Value]) => ({ Key, Value }));

/** What the run of the day of `now` does to the object, or the next one's where nothing has to be waited for: S3 runs at midnight. */
function deedOf(row: Case, versioning: Versioning): string | null {
  const { object } = row;
  const configuration = configurationOf(row);
  const today = Math.floor(Date.parse(row.now) / DAY_MS);
  const isAtOnce = configuration.Rules.some(
    ({ Transitions = [], NoncurrentVersionTransitions = [], Expiration }) =>
      Expiration?.ExpiredObjectDeleteMarker === true ||
      Transitions.some(({ Days }) => Days === 0) ||
      NoncurrentVersionTransitions.some(({ NoncurrentDays }) => NoncurrentDays === 0),
  );
  const [version] = single({ key: object.key, written: object.lastModified ?? '', tags: tagsOf(object.tags) }).versions;
  if (version === undefined) throw new Error('no version');
  const successorMs = object.successorModified === null ? null : Date.parse(object.successorModified);
  const own = {
    ...version,
    isMarker: object.isDeleteMarker,
    isLatest: object.isLatest,
    ...(object.isDeleteMarker ? { sizeBytes: 0, storageClass: '' } : {}),
    noncurrentSinceMs: object.isLatest ? null : successorMs,
  };
  const newer = object.isLatest ? [] : [{ ...version, lastModifiedMs: successorMs ?? 0 }];
  const story = new KeyStory({ key: object.key, versions: [...newer, own] }, configuration, {
    asOfDay: today - 1,
    lagDays: 0,
    versioning,
    minimumSize: 'all_storage_classes_128K',
    tags: 'none',
    tiers: 'stay',
  });
  const days = isAtOnce ? [today, today + 1] : [today];
  const deed = days.flatMap((day) => story.run(day)).find(({ told }) => told.version === own);
  return deed === undefined ? null : deed.kind === 'cleaned' ? 'removed' : deed.kind;
}

test('every case that S3 has a meaning for comes out as it says', (context) => {
  needCase(context, FILE);
  const rows = JSON.parse(readFileSync(casePath(FILE), 'utf8')) as Case[];
  const meant = rows.filter((row) => withoutMeaning(row) === null);
  const wrong = meant.flatMap((row) => {
    // Only noncurrent versions and delete markers tell of a versioned bucket; there, S3 would move before it hides.
    const versioning = row.object.isDeleteMarker || !row.object.isLatest ? 'enabled' : 'unversioned';
    const [wanted, found] = [DEEDS[row.expectAction], deedOf(row, versioning)];
    return wanted === found ? [] : [{ name: row.name, action: row.expectAction, found }];
  });
  expect(wrong).toEqual([]);
  expect(meant.length).toBeGreaterThanOrEqual(30);
});
