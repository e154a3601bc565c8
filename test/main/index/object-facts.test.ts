import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { METHODS, type ParamsIn } from '../../../src/contract/methods.ts';
import type { ObjectFacts } from '../../../src/contract/objects.ts';
import type { Result } from '../../../src/contract/result.ts';
import { objectHandlers } from '../../../src/main/engine/handlers/objects.ts';
import { scan } from '../../../src/main/sources/scan.ts';
import { inFolder, RESOURCES } from '../../support/index-rows.ts';
import { FULL_SCHEMA } from '../../support/inventory-csv.ts';
import { writeReportFolder } from '../../support/report-folder.ts';

const environment = { version: '0', dataDir: '', resourcesDir: RESOURCES, now: () => new Date(0) };
const context = { environment, signal: new AbortController().signal, progress: () => undefined };

const show = async (params: ParamsIn<'objects.show'>): Promise<Result<ObjectFacts>> =>
  objectHandlers['objects.show'](v.parse(METHODS['objects.show'].params, params), context);

/** In the order of FULL_SCHEMA, quoted as S3 quotes. */
const line = (...fields: string[]): string => `${fields.map((field) => `"${field}"`).join(',')}\n`;
const HEX = 'd41d8cd98f00b204e9800998ecf8427e';
const KEY = 'runs/=1+1 é/%2F\u202e/checkpoint-100/model.safetensors';
const ENCODED = KEY.split('/').map(encodeURIComponent).join('/').replaceAll('%20', '+');
const PART = [
  line(
    'src',
    ENCODED,
    'v3',
    'true',
    'false',
    '200000',
    '2024-05-03T00:00:00.000Z',
    `${HEX}-7`,
    'INTELLIGENT_TIERING',
    'true',
    'PENDING',
    'SSE-KMS',
    '2030-01-01T12:00:00.000Z',
    'COMPLIANCE',
    'Off',
    'FREQUENT',
    'ENABLED',
    'SHA256',
  ),
  line(
    'src',
    ENCODED,
    'v2',
    'false',
    'false',
    '5',
    '2024-05-02T00:00:00.000Z',
    HEX,
    'STANDARD',
    'false',
    '',
    'SSE-S3',
    '',
    '',
    'On',
    '',
    'DISABLED',
    '',
  ),
  line('src', ENCODED, '', 'false', 'true', '', '2024-05-01T00:00:00.000Z', '', '', '', '', '', '', '', '', '', '', ''),
  line('src', 'other', 'o', 'true', 'false', '1', '2024-05-01T00:00:00.000Z', 'spelled', 'ODD_CLASS', '', '', '', '', '', '', '', '', ''),
].join('');

test('every field of every version of a key comes back as the report has it', async () => {
  await inFolder(async (folder) => {
    writeReportFolder(folder, { parts: [['a.csv.gz', PART]], manifest: { fileSchema: FULL_SCHEMA } });
    const index = join(folder, 'x.db');
    const scanned = await scan({
      source: { kind: 'inventory', location: folder, remote: {} },
      index,
      region: 'us-east-1',
      ...environment,
      ...context,
    });
    if (!scanned.ok) throw new Error(scanned.error.message);
    const shown = await show({ index, key: KEY });
    if (!shown.ok) throw new Error(`${shown.error.code} ${shown.error.field}`);
    expect(v.parse(METHODS['objects.show'].result, shown.value)).toEqual(shown.value);
    const unit = { unitId: expect.any(Number), kind: 'checkpoint', path: 'runs/=1+1 é/%2F\u202e/checkpoint-100/' };
    expect(shown.value).toMatchObject({ key: KEY, bucket: 'src', total: 3, fields: expect.arrayContaining(['ChecksumAlgorithm']) });
    expect(shown.value.versions).toEqual([
      {
        versionId: 'v3',
        state: 'current',
        isLatest: true,
        sizeBytes: 200_000,
        storageClass: 'INTELLIGENT_TIERING',
        accessTier: 'FREQUENT',
        lastModified: '2024-05-03T00:00:00.000Z',
        noncurrentSince: null,
        eTag: `${HEX}-7`,
        retainUntil: '2030-01-01T12:00:00.000Z',
        lockedUntil: '2030-01-02',
        isHeld: false,
        isReplicationBlocked: true,
        kind: 'checkpoint',
        category: 'checkpoint',
        ruleId: expect.any(String),
        unit,
        monthlyNanoUsd: expect.stringMatching(/^\d+$/),
        tags: null,
        details: [
          ['IsMultipartUploaded', 'true'],
          ['ReplicationStatus', 'PENDING'],
          ['EncryptionStatus', 'SSE-KMS'],
          ['ObjectLockMode', 'COMPLIANCE'],
          ['ObjectLockLegalHoldStatus', 'Off'],
          ['BucketKeyStatus', 'ENABLED'],
          ['ChecksumAlgorithm', 'SHA256'],
        ],
      },
      expect.objectContaining({
        versionId: 'v2',
        state: 'noncurrent',
        isLatest: false,
        noncurrentSince: '2024-05-03T00:00:00.000Z',
        eTag: HEX,
        isHeld: true,
        lockedUntil: 'never',
        retainUntil: null,
        details: [
          ['IsMultipartUploaded', 'false'],
          ['EncryptionStatus', 'SSE-S3'],
          ['ObjectLockLegalHoldStatus', 'On'],
          ['BucketKeyStatus', 'DISABLED'],
        ],
      }),
      expect.objectContaining({
        versionId: null,
        state: 'marker',
        isLatest: false,
        sizeBytes: 0,
        storageClass: '',
        eTag: null,
        lockedUntil: null,
        monthlyNanoUsd: '0',
        details: [],
      }),
    ]);
    const other = await show({ index, key: 'other' });
    expect(other.ok && other.value.versions[0]).toMatchObject({
      eTag: 'spelled',
      storageClass: 'ODD_CLASS',
      monthlyNanoUsd: null,
      unit: null,
    });
    const second = await show({ index, key: KEY, offset: 1, limit: 1 });
    expect(second.ok && [second.value.total, ...second.value.versions.map(({ versionId }) => versionId)]).toEqual([3, 'v2']);
    const marker = await show({ index, key: KEY, versionId: 'null' });
    expect(marker.ok && marker.value.versions.map(({ state }) => state)).toEqual(['marker']);
    for (const lost of [{ key: `${KEY}x` }, { key: 'no/such/key' }, { key: 'runs/' }, { key: KEY, versionId: 'v4' }]) {
      const found = await show({ index, ...lost });
      expect(!found.ok && found.error.code).toBe('KeyNotFound');
    }
  });
});
