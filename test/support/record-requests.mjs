/**
 * Loaded into every process of the whole suite (`node --import`): notes each HTTP request that leaves one, with the mark its
 * client put into the user agent (src/main/s3/guard.ts). scripts/test.ts judges the notes at the end. Plain JavaScript, so that an
 * older Node loads it too.
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const file = process.env.ISOTHERM_TEST_REQUESTS;

if (file) {
  mkdirSync(dirname(file), { recursive: true });
  subscribe('http.client.request.start', ({ request }) => {
    const mark = /isotherm\/(\w+)/.exec(String(request.getHeader('user-agent') ?? ''))?.[1] ?? null;
    const line = {
      program: process.argv[1] ?? '',
      method: request.method,
      host: request.getHeader('host') ?? '',
      path: request.path,
      mark,
      target: String(request.getHeader('x-amz-target') ?? ''),
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  });
}
