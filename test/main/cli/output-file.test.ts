import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeJsonFile } from '../../../src/main/cli/files.ts';
import { checkOutput } from '../../../src/main/cli/output-file.ts';
import { parseVerbArgs } from '../../../src/main/cli/parse.ts';
import { VERBS } from '../../../src/main/cli/verbs/index.ts';
import { must, refusal } from '../../support/apply-bench.ts';
import { row, writeIndex } from '../../support/index-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'isotherm-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const check = (...argv: string[]) => {
  const verb = VERBS.find(({ name }) => name === argv[0]);
  if (verb === undefined) throw new Error('no such verb');
  return checkOutput(verb, must(parseVerbArgs(verb, argv.slice(1))));
};

test('no result is written over a file of the same command, however it is named', () => {
  writeFileSync(at('policy.json'), '{}');
  writeFileSync(at('i.db'), 'x');
  symlinkSync(at('i.db'), at('link.db'));
  linkSync(at('i.db'), at('same.db'));
  const plan = (output: string, index = at('i.db')) =>
    check('plan', '--index', index, '--bucket', 'b', '--policy', at('policy.json'), '-o', output);
  for (const output of ['i.db', 'link.db', 'same.db']) {
    expect(refusal(plan(at(output)))).toMatchObject({ code: 'Usage', field: 'output', message: expect.stringContaining('"--index"') });
  }
  expect(refusal(plan(at('i.db'), at('link.db'))).code).toBe('Usage');
  expect(refusal(plan(`${folder}/./policy.json`)).message).toContain('"--policy"');
  expect(refusal(check('convert', at('policy.json'), '--to', 'xml', '-o', at('policy.json'))).field).toBe('output');
  must(plan(at('new.json')));
  must(plan(folder));
  must(plan(at('no/such/folder.json')));
});

test('an index is not replaced by a result, whichever index it is', async () => {
  const index = at('other.db');
  await writeIndex(index, [row('a')]);
  const before = readFileSync(index);
  expect(refusal(await writeJsonFile(index, {}))).toMatchObject({ code: 'FileUnwritable', file: index });
  expect(readFileSync(index).equals(before)).toBe(true);
  must(await writeJsonFile(at('plan.json'), { plan: 1 }));
  must(await writeJsonFile(at('plan.json'), { plan: 2 }));
  expect(JSON.parse(readFileSync(at('plan.json'), 'utf8'))).toEqual({ plan: 2 });
});
