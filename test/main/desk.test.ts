import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDesk, writeDesk } from '../../src/main/desk.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-desk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was kept last comes back, and nothing else lies in the folder', () => {
  const home = join(folder, 'not', 'made', 'yet');
  expect(readDesk(home)).toBeNull();
  expect(writeDesk(home, '{"view":"overview"}').ok).toBe(true);
  expect(writeDesk(home, '{"view":"explore","prefix":"a‮b/"}').ok).toBe(true);
  expect(readDesk(home)).toBe('{"view":"explore","prefix":"a‮b/"}');
  expect(readdirSync(home)).toEqual(['desk.json']);
});

test('where nothing can be written, that is said', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(writeDesk(join(file, 'below'), '{}')).toMatchObject({ ok: false, error: { code: 'FileUnwritable' } });
});
