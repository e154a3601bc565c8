import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeRequests, type RecordedRequest } from '../../scripts/recorded-requests.ts';

const seen = (method: string, path: string, mark: string | null, program = '/x/bin/isotherm', target = ''): RecordedRequest => ({
  program,
  method,
  host: 'h',
  path,
  mark,
  target,
});

test('what may be passes, and every kind of stray request is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isotherm-requests-'));
  const file = join(folder, 'requests.jsonl');
  const good = [
    seen('GET', '/bucket?versions', 'read'),
    seen('HEAD', '/bucket', 'read'),
    seen('PUT', '/bucket?lifecycle', 'lifecycle'),
    seen('DELETE', '/bucket?lifecycle=', 'lifecycle'),
    seen('POST', '/v20180820/jobs', 'control'),
    seen('PUT', '/ops/lists/a.manifest.csv?x-id=PutObject', 'control'),
    seen('POST', '/', 'query', undefined, 'AmazonAthena.StartQueryExecution'),
    seen('PUT', '/bucket/key', null, '/x/node_modules/vitest/dist/worker.js'),
  ];
  const bad = [
    seen('PUT', '/bucket/key', 'read'),
    seen('PUT', '/bucket/lifecycle', 'lifecycle'),
    seen('POST', '/bucket?lifecycle', 'lifecycle'),
    seen('DELETE', '/bucket/key', 'control'),
    seen('PUT', '/bucket/key?x-id=PutObject', 'control'),
    seen('GET', '/bucket', null),
    seen('GET', '/bucket', null, '/x/src/main/engine/job-thread.ts'),
    seen('POST', '/', 'query', undefined, 'AmazonAthena.DeleteNamedQuery'),
    seen('PUT', '/bucket/key', 'query', undefined, 'AmazonAthena.StartQueryExecution'),
    seen('GET', '/bucket', 'stranger'),
  ];
  writeFileSync(file, [...good, ...bad].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { counts, faults } = judgeRequests(file);
  expect(faults).toHaveLength(bad.length);
  expect(counts).toEqual({ read: 3, lifecycle: 4, control: 4, query: 3, stranger: 1 });
  rmSync(folder, { recursive: true });
});
