import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import type { Result } from '../../src/contract/result.ts';
import { Classifier } from '../../src/core/classify/classifier.ts';
import { accessLine } from '../../src/core/sample/access-line.ts';
import { SAMPLE_SCHEMA } from '../../src/core/sample/csv-line.ts';
import { javaPattern } from '../../src/core/sql-rollup/java-pattern.ts';
import { claimMarks, ownRule } from '../../src/core/sql-rollup/rule-expression.ts';
import { text } from '../../src/core/sql-rollup/sql.ts';
import { openIndex } from '../../src/main/index/reader.ts';
import { makeLogTable, makeTables, textRelation } from '../servers/trino/tables.ts';
import { startTrino, type TrinoServer } from '../servers/trino/trino.ts';
import { RULES } from '../support/classify-keys.ts';
import { HARD_KEYS, hardKey } from '../support/hard-keys.ts';
import { FULL_SCHEMA } from '../support/inventory-csv.ts';
import { writeReportFolder } from '../support/report-folder.ts';
import { keyQuestions, QUESTIONS, ROW_QUESTIONS } from './questions.ts';
import { call, comparable } from './support.ts';

/** A real Trino takes half a minute and a gigabyte: only deep runs start it, and only they fetch it. */
const isDeep = process.env.ISOTHERM_DEEP === '1';
const ROWS = Number(process.env.ISOTHERM_TRINO_ROWS ?? 200_000);
const AS_OF = '2026-11-21T00:00:00.000Z';

let server: TrinoServer | undefined;
let absent = 'a real Trino is started by npm run test:deep alone';
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-roll-up-'));
  if (!isDeep) return;
  const started = await startTrino(true);
  if (started.ok) server = started.value;
  else absent = started.reason;
}, 30 * 60_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function need(context: TestContext): TrinoServer {
  if (!server) context.skip(absent);
  return server as TrinoServer;
}

describe('classification in SQL is classification in TypeScript', () => {
  test('on every labelled key, every sample, and keys in which layouts meet: zero differences', async (context) => {
    const trino = need(context);
    const classifier = new Classifier(RULES);
    const keys = [...HARD_KEYS, ...fc.sample(hardKey, { numRuns: 20_000, seed: 9 })].filter(
      (key) => !/[\ud800-\udfff]/.test(key) || key.isWellFormed(),
    );
    const relation = await textRelation(trino, 'labelled', keys);
    const answers = await trino.sql(`SELECT at, ${ownRule(RULES, { key: 't', utf16: 'u' })} FROM ${relation}`);
    expect(answers).toHaveLength(keys.length);
    const differences = answers.flatMap(([at, rule]) => {
      const { ruleId } = classifier.classify(keys[Number(at)] as string);
      const found = RULES[Number(rule)]?.id ?? null;
      return found === ruleId ? [] : [`${keys[Number(at)]}: ${ruleId} here, ${found} there`];
    });
    expect(differences).toEqual([]);
  });

  test('marks hold for every key that the first pass takes for a marker', async (context) => {
    const trino = need(context);
    const keys = [...new Set(HARD_KEYS)];
    const marks = claimMarks(RULES, { key: 't', utf16: 'u', directory: "substr(t, 1, strpos(t, '/', -1))" });
    const claiming = RULES.flatMap((rule) => (rule.claims ? [rule] : []));
    const relation = await textRelation(trino, 'marked', keys);
    for (const [at, bits] of await trino.sql(`SELECT at, ${marks} FROM ${relation}`)) {
      const key = keys[Number(at)] as string;
      const directory = `/${key.slice(0, key.lastIndexOf('/') + 1)}`;
      const expected = claiming.reduce((sum, { claims, regex }, bit) => {
        const isPlace =
          claims?.segments.some((segment) => directory.includes(`/${segment}/`)) || claims?.suffixes.some((suffix) => key.endsWith(suffix));
        return isPlace && new RegExp(regex).test(key) ? sum + 2 ** bit : sum;
      }, 0);
      expect(bits, key).toBe(expected);
    }
  });

  test('patterns of every construct match the same texts', async (context) => {
    const trino = need(context);
    const character = fc.constantFrom(
      'a',
      'b',
      'Z',
      '0',
      '9',
      '/',
      '.',
      '-',
      '_',
      ' ',
      '\n',
      '\r',
      '\u2028',
      'é',
      'ß',
      '٣',
      '\u{1f600}',
      '\u202e',
      '&',
      '[',
      '$',
      '^',
    );
    const atom: fc.Arbitrary<string> = fc.oneof(
      fc.constantFrom('a', 'b', '0', '\\.', '.', '\\d', '\\w', '\\s', '\\D', '[^/]', '[a-c]', '[^a\\d]', '[\\w-]', '[&[]', 'é', '\\$', '/'),
      fc.constantFrom('(?:ab|0)', '(?<x>a)', '(?=a)', '(?!b)', '(?:|a)'),
    );
    const times = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{2,}?', '{2}?');
    const part = fc.tuple(atom, times).map(([one, often]) => (one.startsWith('(?=') || one.startsWith('(?!') ? one : one + often));
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(part, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '$'))
      .map(([start, parts, end]) => start + parts.join('').replaceAll('(?<x>', '(?:') + end);
    const patterns = fc.sample(pattern, { numRuns: 400, seed: 5 });
    const texts = fc.sample(
      fc.array(character, { maxLength: 7 }).map((all) => all.join('')),
      { numRuns: 400, seed: 6 },
    );
    const relation = await textRelation(trino, 'texts', texts);
    const differences: string[] = [];
    for (let from = 0; from < patterns.length; from += 40) {
      const some = patterns.slice(from, from + 40);
      const columns = some.map((source) => `regexp_like(u, ${text(javaPattern(source).pattern)})`).join(', ');
      for (const [at, ...found] of await trino.sql(`SELECT at, ${columns} FROM ${relation}`)) {
        for (const [i, source] of some.entries()) {
          const here = new RegExp(source).test(texts[Number(at)] as string);
          if (here !== found[i]) differences.push(`${source} on ${JSON.stringify(texts[Number(at)])}: ${here} here`);
        }
      }
    }
    expect(differences).toEqual([]);
  });
});

/** Versions of hard keys in every state, with locks, holds, tiers, replication and clocks that a report can have. */
function hardReport(root: string): string {
  const keys = [...new Set(fc.sample(hardKey, { numRuns: 4000, seed: 12 }))];
  const parts: string[] = [];
  for (const [at, key] of keys.entries()) {
    const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
    const versions = at % 3 === 0 ? 1 + (at % 4) : 1;
    for (let version = 0; version < versions; version++) {
      // No two versions of a key at one time: then the order of the report decides, which a table does not keep.
      const modified = new Date(
        Date.UTC(2026, 10, 20) - (at % 700) * 86_400_000 - version * 3_600_000 * (1 + (at % 50)) - version,
      ).toISOString();
      const isMarker = (at + version) % 11 === 0 && versions > 1;
      // Some keys have lost their newest version on the way: nothing is known of its successor.
      const isLatest = version === 0 && at % 97 !== 0;
      const size = isMarker ? '' : String([0, 5, 131_071, 131_072, 131_073, 9_000_000_000][(at + version) % 6]);
      const storageClass = isMarker ? '' : ['STANDARD', 'GLACIER', 'INTELLIGENT_TIERING', 'NEW_CLASS'][(at + version) % 4];
      const tier = storageClass === 'INTELLIGENT_TIERING' ? ['', 'FREQUENT', 'ARCHIVE_INSTANT_ACCESS'][at % 3] : '';
      const retain = at % 13 === 0 && !isMarker ? new Date(Date.UTC(2026, 10, 21) + ((at % 5) - 2) * 43_200_000).toISOString() : '';
      const held = at % 29 === 0 ? 'On' : at % 31 === 0 ? 'Off' : '';
      const replication = ['', 'PENDING', 'COMPLETED', 'FAILED', 'REPLICA'][at % 5];
      const cells = [
        'src',
        encoded,
        version === 0 && at % 7 === 0 ? '' : `v${at}-${version}`,
        isLatest,
        isMarker,
        size,
        modified,
        '',
        storageClass,
      ];
      parts.push(
        `${[...cells, 'false', replication, 'SSE-S3', retain, '', held, tier, 'DISABLED', ''].map((cell) => `"${cell}"`).join(',')}\n`,
      );
    }
  }
  const shuffled = parts.map((line, i) => [(i * 7919) % parts.length, line] as const).sort(([a], [b]) => a - b);
  const half = Math.floor(shuffled.length / 2);
  const write = (from: number, to: number): string =>
    shuffled
      .slice(from, to)
      .map(([, line]) => line)
      .join('');
  return writeReportFolder(root, {
    stamp: '2026-11-21T00-00Z',
    manifest: { fileSchema: FULL_SCHEMA },
    parts: [
      ['a.csv.gz', write(0, half)],
      ['b.csv.gz', write(half, shuffled.length)],
    ],
  });
}

/** Reads of hard keys as logs may spell them, of keys that are gone, and lines that are none. */
function hardLogs(folder: string): string {
  const keys = [...new Set(fc.sample(hardKey, { numRuns: 1500, seed: 12 })), 'gone/away.bin', '/slash', '%zz', 'a+b%2'];
  const lines = keys.map((key, at) => {
    const timeMs = Date.UTC(2026, 10, 1 + (at % 15), at % 24);
    const status = [200, 206, 304, 403][at % 4] as number;
    const operation = at % 9 === 0 ? 'REST.PUT.OBJECT' : 'REST.GET.OBJECT';
    const bucket = at % 23 === 0 ? 'another' : 'src';
    const agent = ['Boto3/1.34 md/x', '[aws-cli/2.15 Python]', '-', 'S3Console/0.4, aws-internal/3'][at % 4] as string;
    const region = at % 5 === 0 ? 'eu-west-1' : '-';
    const sizes = { bytesSent: at * 7, objectSize: at % 2 === 0 ? at * 7 : at * 9 };
    const line = accessLine({ bucket, key: 'KEY', timeMs, requester: `arn:${at % 6}`, agent, operation, status, region, ...sizes });
    const once = encodeURIComponent(key)
      .replaceAll('%2F', '/')
      .replaceAll('%20', at % 2 === 0 ? '+' : '%20');
    const spelled = [once, encodeURIComponent(once), `/${once}`, once][at % 4] as string;
    return line.replace(' KEY "', ` ${spelled.replaceAll(' ', '+')} "`);
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a'), `${lines.join('\n')}\n`);
  writeFileSync(
    join(folder, 'b'),
    lines
      .slice(0, 5)
      .map((line) => `${line.replace(' [', ' [99/')}\n`)
      .join(''),
  );
  return folder;
}

async function sampleReport(out: string): Promise<string> {
  const written = await call('sample.write', { out, versions: ROWS, seed: 7 }, folder);
  if (!written.ok) throw new Error(written.error.message);
  return out;
}

describe.each([
  [
    'the sample',
    async () => {
      const report = await sampleReport(join(folder, 'sample'));
      return { report, schema: SAMPLE_SCHEMA, logs: join(report, 'access-logs') };
    },
  ],
  [
    'hard keys',
    async () => {
      const report = join(hardReport(join(folder, 'hard')), '..', '..');
      return { report, schema: FULL_SCHEMA, logs: hardLogs(join(folder, 'hard-logs')) };
    },
  ],
])('%s', (what, make) => {
  const name = what.replaceAll(' ', '_');
  const local = () => join(folder, `${name}.db`);
  let tables: Record<'csv' | 'parquet' | 'orc', string>;
  let logFolder = '';

  test(
    'is scanned here, and lies in tables there',
    async (context) => {
      const trino = need(context);
      const { report, schema, logs } = await make();
      logFolder = logs;
      const scanned = await call(
        'index.scan',
        { source: { kind: 'inventory', location: report }, index: local(), region: 'us-east-1' },
        folder,
      );
      expect(scanned.ok ? null : scanned.error).toBeNull();
      tables = await makeTables(trino, name, report, schema);
    },
    30 * 60_000,
  );

  test.each(['parquet', 'orc', 'csv'] as const)(
    'rolled up from %s is the index that a scan makes',
    async (format) => {
      if (!server) return;
      const index = join(folder, `${name}-${format}.db`);
      const source = { kind: 'table', address: `${server.address}/hive.default.${tables[format]}`, asOf: AS_OF, confirm: 'any' } as const;
      const rolled = await call('index.scan', { source, index, region: 'us-east-1' }, folder);
      expect(rolled.ok ? null : rolled.error).toBeNull();
      expect(shapeOf(index)).toEqual(shapeOf(local()));
      const questions = [...QUESTIONS, ...(await someKeys(local())).flatMap(keyQuestions)];
      for (const [method, params] of questions) {
        const here = comparable(await call(method, { ...params, index: local() } as never, folder));
        const there = comparable(await call(method, { ...params, index } as never, folder));
        // A prefix that is not there is an answer too; what broke is none.
        expect(['Internal', 'RowsElsewhere', 'PriceMissing']).not.toContain(here.ok ? '' : here.error.code);
        expect(there, `${method} ${JSON.stringify(params).slice(0, 200)}`).toEqual(here);
      }
      for (const [method, params] of ROW_QUESTIONS) {
        const there = await call(method, { ...params, index } as never, folder);
        expect(there.ok ? '' : there.error.code, method).toBe('RowsElsewhere');
      }
    },
    60 * 60_000,
  );

  test(
    'access logs in a table tell the same as their files, beside the report and with rows in the index',
    async () => {
      if (!server) return;
      const location = `${server.address}/hive.default.${await makeLogTable(server, `${name}_logs`, logFolder)}`;
      const indexes = [`${local()}.files`, `${local()}.table`, join(folder, `${name}-parquet.db`)] as const;
      for (const copy of indexes.slice(0, 2)) copyFileSync(local(), copy);
      const [files, ...read] = await Promise.all(
        indexes.map((index, at) => call('access.import', { index, location: at === 0 ? logFolder : location, confirm: 'any' }, folder)),
      );
      if (!files?.ok) throw new Error(files?.error.message);
      const { lines, malformed, requests, reads, writes, otherBuckets, notInIndex, places, days } = files.value;
      expect(reads).toBeGreaterThan(0);
      for (const one of read) {
        expect(one.ok ? one.value : one.error).toMatchObject({
          lines,
          malformed,
          requests,
          reads,
          writes,
          otherBuckets,
          notInIndex,
          places,
          days,
        });
      }
      for (const method of ['access.summary', 'units.list', 'recommend.list'] as const) {
        const [here, ...there] = await Promise.all(indexes.map((index) => call(method, { index, limit: 1000 }, folder)));
        for (const one of there) expect(withoutFiles(one), method).toEqual(withoutFiles(here as Result<unknown>));
      }
    },
    30 * 60_000,
  );
});

/** A summary without the count of files: a table has days in their place. */
const withoutFiles = (answer: Result<unknown>): unknown => {
  const { files: _, ...rest } = (answer.ok ? answer.value : answer.error) as { files?: number };
  return rest;
};

/** Some keys of an index, from all over it. */
async function someKeys(index: string): Promise<string[]> {
  const sql = 'SELECT key FROM objects ORDER BY (unixepoch(last_modified) * 7919) % 10007, key LIMIT 12';
  const found = await call('index.sql', { index, sql }, folder);
  if (!found.ok) throw new Error(found.error.message);
  return found.value.rows.map(([key]) => String(key));
}

/** Everything an index holds but its rows, by what it is called. */
function shapeOf(index: string): object {
  const reader = openIndex(index);
  if (!reader.ok) throw new Error(reader.error.message);
  const snapshot = reader.value.snapshot();
  if (!snapshot.ok) throw new Error(snapshot.error.message);
  const { snapshotId, bucket, asOf, allVersions, rows, versions, deleteMarkers, bytes, warnings } = snapshot.value;
  const cube = reader.value.cube(snapshotId);
  const units = reader.value.units(snapshotId);
  if (!cube.ok || !units.ok) throw new Error('no cube or units');
  const { tree, classes } = cube.value;
  const cells = new Map<string, [number, number]>();
  for (let cell = 0; cell < cube.value.cellCount; cell++) {
    const { directory, kind, unit, classId, isSmall, state, flags, lockedUntilDay, writtenDay, clockDay, count, bytes: sizes } = cube.value;
    const billed = state[cell] === 2 ? '' : JSON.stringify(classes[classId[cell] as number]);
    const traits = [kind, unit, isSmall, state, flags, lockedUntilDay, writtenDay, clockDay].map((column) => column[cell]);
    const key = `${directory[cell]} ${billed} ${traits.join(' ')}`;
    const known = cells.get(key) ?? [0, 0];
    cells.set(key, [known[0] + (count[cell] as number), known[1] + (sizes[cell] as number)]);
  }
  return {
    facts: { bucket, asOf, allVersions, rows, versions, deleteMarkers, bytes, warnings },
    paths: Array.from({ length: tree.count }, (_, d) => `${tree.path(d)}${tree.isUnitRoot[d] === 1 ? ' *' : ''}`),
    cells: [...cells].sort(([a], [b]) => (a < b ? -1 : 1)),
    units: units.value,
  };
}

test('a query that is cancelled ends at the server', async (context) => {
  const trino = need(context);
  const stop = new AbortController();
  const marker = `cancelled ${Date.now()}`;
  const running = trino.engine.query(
    `SELECT count(*) FROM (SELECT '${marker}'), UNNEST(sequence(1, 1000000)) a (x), UNNEST(sequence(1, 1000000)) b (y) WHERE x * y = 7`,
    {
      signal: stop.signal,
      onRows: () => ({ ok: true, value: undefined }),
    },
  );
  setTimeout(() => stop.abort(), 2_000);
  const result = await running;
  expect(result.ok ? null : result.error.code).toBe('Cancelled');
  const states = await trino.sql(
    `SELECT state, error_code FROM system.runtime.queries WHERE query LIKE '%${marker}%' AND query NOT LIKE '%system.runtime%'`,
  );
  expect(states).toEqual([['FAILED', 'USER_CANCELED']]);
});
