import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EvidenceBuilt } from '../../../src/contract/evidence.ts';
import { EVIDENCE_METHODS } from '../../../src/contract/methods/evidence.ts';
import type { ParamsIn } from '../../../src/contract/methods.ts';
import { entriesByDirectory, zipParts } from '../../../src/core/evidence/zip.ts';
import type { EngineEnvironment } from '../../../src/main/engine/handler.ts';
import { buildEvidence } from '../../../src/main/evidence/build.ts';
import { merkleRoot, sha256Of } from '../../../src/main/evidence/merkle.ts';
import { verifyBundle } from '../../../src/main/evidence/verify.ts';
import { makeKey } from '../../../src/main/keys/keys.ts';
import { scratch } from '../../support/command-line.ts';
import { daysAgo, META, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const place = scratch('evidence');
const environment: EngineEnvironment = {
  version: '9.9.9',
  dataDir: place.path('data'),
  resourcesDir: RESOURCES,
  now: () => new Date('2026-11-22T10:00:00.000Z'),
};
const HOSTILE = ['logs/\u202egpj.exe', 'logs/<script>alert(1)</script>', '=cmd|calc', 'logs/a,"b"', 'logs/\u{1F525}'];

type Order = Partial<ParamsIn<'evidence.build'>> & { readonly out: string };

async function build(order: Order): Promise<EvidenceBuilt> {
  const params = v.parse(EVIDENCE_METHODS['evidence.build'].params, {
    index: place.path('x.db'),
    configuration: {
      Rules: [
        { ID: 'train', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 180 } },
        { ID: 'foreign', Status: 'Enabled', Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
      ],
    },
    facts: { versioning: 'enabled', objectLock: 'none', replication: 'none' },
    statements: [
      {
        id: 'C-02',
        title: 'Training logs are kept 183 days',
        source: 'EU AI Act Art. 19',
        kind: 'kept',
        scope: { prefix: 'logs/' },
        until: { ageDays: 183 },
      },
      { id: 'C-07', kind: 'untouched', scope: { prefix: 'lake/' }, covers: 'any' },
      { id: 'C-09', kind: 'locked', scope: { prefix: 'models/' }, until: { ageDays: 1 } },
    ],
    previousRoot: null,
    ...order,
  });
  const built = await buildEvidence(params, environment, new AbortController().signal);
  if (!built.ok) throw new Error(`${built.error.code}: ${built.error.message} ${built.error.detail ?? ''}`);
  return built.value;
}

beforeAll(async () => {
  const rows = [
    ...HOSTILE.map((key, at) => row(key, { versionId: `v${at}`, lastModifiedMs: daysAgo(200 + at) })),
    row('logs/old', { state: 'noncurrent', lastModifiedMs: daysAgo(300) }),
    row('models/m.bin', { retainUntilMs: daysAgo(-400) }),
  ];
  await writeIndex(place.path('x.db'), rows, { meta: META });
  const key = makeKey(environment.dataDir, 'Rita Reviewer', undefined, environment.now());
  if (!key.ok) throw new Error(key.error.message);
  await build({ out: place.path('bundle.zip') });
});

const bundle = (): Buffer => readFileSync(place.path('bundle.zip'));

describe('a bundle', () => {
  test('is whole, signed and decided again as it was', () => {
    const check = verifyBundle(bundle());
    expect(check.faults).toEqual([]);
    expect(check).toMatchObject({
      ok: true,
      previousRoot: null,
      redecided: { statements: 3, differing: [] },
      signer: { name: 'Rita Reviewer' },
    });
    expect(check.manifest?.inputs.map(({ what }) => what)).toEqual([
      'manifest.json of the inventory',
      'Lifecycle configuration, by meaning',
      'Statements as asked',
    ]);
  });

  test('is the same to the byte when it is made again from the same inputs', async () => {
    await build({ out: place.path('again.zip') });
    expect(Buffer.compare(readFileSync(place.path('again.zip')), bundle())).toBe(0);
    await build({ out: place.path('later.zip'), at: '2026-11-22T10:00:00.001Z' });
    expect(Buffer.compare(readFileSync(place.path('later.zip')), bundle())).not.toBe(0);
  });

  test('is a zip that others read', () => {
    const read = spawnSync(
      'python3',
      ['-c', 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), *z.namelist())', place.path('bundle.zip')],
      { encoding: 'utf8' },
    );
    if (read.error) return;
    expect(read.stdout.trim()).toBe(
      'None manifest.json report.html statements.json proofs.json scopes.json lifecycle.json witnesses.csv signature.json',
    );
  });

  test('every flipped bit, of the container too, is found and named', () => {
    const whole = bundle();
    const entries = entriesByDirectory(whole);
    if (entries === null) throw new Error('no entries');
    const spots: { where: string; from: number; to: number }[] = [];
    let at = 0;
    for (const { where, bytes } of zipParts(entries)) {
      spots.push({ where, from: at, to: at + bytes.length });
      at += bytes.length;
    }
    expect(at).toBe(whole.length);
    let tried = 0;
    for (const { where, from, to } of spots) {
      // All of the container, and of the files as many as there is time for.
      const isFile = !where.startsWith('zip:');
      const step = deep ? 1 : !isFile ? 2 : Math.max(1, Math.floor(((to - from) * 8) / 60)) | 1;
      for (let bit = from * 8; bit < to * 8; bit += step) {
        const changed = Buffer.from(whole);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        const check = verifyBundle(changed);
        tried += 1;
        if (check.ok || !check.faults.some((fault) => fault.where === where)) {
          expect({ where, bit: bit - from * 8, ok: check.ok, faults: check.faults }).toBe('found and named');
        }
      }
    }
    expect(tried).toBeGreaterThan(3_000);
  }, 1_800_000);

  test('bytes that are added, left out or put in another order are found', () => {
    const whole = bundle();
    expect(verifyBundle(Buffer.concat([whole, Buffer.from([0])])).ok).toBe(false);
    expect(verifyBundle(whole.subarray(0, whole.length - 1)).ok).toBe(false);
    expect(verifyBundle(whole.subarray(1)).ok).toBe(false);
    expect(verifyBundle(Buffer.alloc(0)).ok).toBe(false);
    expect(verifyBundle(Buffer.from('not a zip at all, and longer than the end record of one')).faults[0]?.where).toBe('zip');
  });

  test('a bundle signed anew by another, its answers changed, is told from the one that was asked for', () => {
    const other = makeKey(place.path('other'), 'Mallory', undefined, environment.now());
    if (!other.ok) throw new Error(other.error.message);
    const { signer } = verifyBundle(bundle());
    const check = verifyBundle(bundle(), { signer: { keyId: other.value.keyId } });
    expect(check).toMatchObject({ ok: false, signerIsTrusted: false });
    expect(verifyBundle(bundle(), { signer: { keyId: signer?.keyId ?? '' } })).toMatchObject({ ok: true, signerIsTrusted: true });
  });

  test('the chain: the next bundle names the one before, and another is told', async () => {
    const first = await build({ out: place.path('first.zip'), title: 'first' });
    const next = await build({ out: place.path('next.zip'), previousRoot: first.root });
    const [second, third] = [readFileSync(next.file), readFileSync(first.file)];
    expect(verifyBundle(second, { previous: third })).toMatchObject({ ok: true, followsPrevious: true, previousRoot: first.root });
    expect(verifyBundle(second, { previous: bundle() })).toMatchObject({ ok: false, followsPrevious: false });
    // Without a root named, the last one made here for the bucket is the one before.
    const { previousRoot: _named, ...rest } = { previousRoot: undefined, out: place.path('third.zip') };
    const params = v.parse(EVIDENCE_METHODS['evidence.build'].params, {
      ...rest,
      index: place.path('x.db'),
      configuration: null,
      statements: [{ id: 's', kind: 'untouched' }],
    });
    const built = await buildEvidence(params, environment, new AbortController().signal);
    expect(built.ok && built.value.previousRoot).toBe(next.root);
  });

  test('a file that exists is never replaced, and a wrong bucket is refused', async () => {
    writeFileSync(place.path('mine.zip'), 'mine');
    await expect(build({ out: place.path('mine.zip') })).rejects.toThrow(/never replaced/);
    expect(readFileSync(place.path('mine.zip'), 'utf8')).toBe('mine');
    await expect(build({ out: place.path('wrong.zip'), bucket: 'another' })).rejects.toThrow(/index is of bucket/);
    expect(existsSync(place.path('wrong.zip'))).toBe(false);
  });

  test('unsigned where that is asked for, and said so', async () => {
    await build({ out: place.path('unsigned.zip'), unsigned: true });
    const check = verifyBundle(readFileSync(place.path('unsigned.zip')));
    expect(check).toMatchObject({ ok: true, signer: null });
    expect(check.notes.join(' ')).toContain('not signed');
  });

  test('keys are hostile: the face holds no markup of theirs, the table no formula', () => {
    const files = new Map((entriesByDirectory(bundle()) ?? []).map(({ name, bytes }) => [name, Buffer.from(bytes).toString('utf8')]));
    const face = files.get('report.html') ?? '';
    expect(face).toContain("default-src 'none'");
    expect(face).not.toMatch(/<script|\u202e/);
    expect(files.get('witnesses.csv')).not.toMatch(/(^|,)=/m);
  });
});

describe('the tree', () => {
  // RFC 6962 2.1.3, with leaves that bind a name to a hash.
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('over %i leaves is the one of RFC 6962', (count) => {
    const leaves = Array.from({ length: count }, (_, at) => ({ name: `f${at}`, sha256: sha256Of(`content ${at}`).toString('hex') }));
    const hashes = leaves.map(({ name, sha256 }) => sha256Of(Uint8Array.of(0), `${name}\n${sha256}`));
    const root = (some: readonly Buffer[]): Buffer => {
      if (some.length === 1) return some[0] as Buffer;
      let split = 1;
      while (split * 2 < some.length) split *= 2;
      return sha256Of(Uint8Array.of(1), Buffer.concat([root(some.slice(0, split)), root(some.slice(split))]));
    };
    expect(merkleRoot(leaves)).toBe(root(hashes).toString('hex'));
  });
  test('a swap, a rename and a change give other roots', () => {
    const leaves = ['a', 'b', 'c'].map((name) => ({ name, sha256: sha256Of(name).toString('hex') }));
    const [a, b, c] = leaves as [(typeof leaves)[0], (typeof leaves)[0], (typeof leaves)[0]];
    const roots = [leaves, [b, a, c], [{ ...a, name: 'x' }, b, c], [a, b], [{ ...a, sha256: b.sha256 }, b, c]].map(merkleRoot);
    expect(new Set(roots).size).toBe(roots.length);
  });
});
