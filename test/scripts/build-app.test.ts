import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStale, OUTPUTS } from '../../scripts/build-app.ts';
import { hasDisplay } from '../../scripts/electron-binary.ts';
import { temporaryDir } from '../transports/transports.ts';

let dir: string;

function put(path: string, seconds: number): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), '');
  utimesSync(join(dir, path), seconds, seconds);
}
const setFolders = (seconds: number) => utimesSync(join(dir, 'src'), seconds, seconds);

beforeEach(() => {
  dir = temporaryDir();
  put('src/a.ts', 1000);
  setFolders(1000);
  put('package.json', 1000);
  for (const path of OUTPUTS) put(path, 2000);
});
afterEach(() => rmSync(dir, { recursive: true }));

test('bundles newer than everything they are made of are not built again', () => {
  expect(isStale(dir)).toBe(false);
});

test('a changed source, a removed source, a changed package file and a missing bundle each ask for a build', () => {
  put('src/a.ts', 3000);
  expect(isStale(dir)).toBe(true);
  put('src/a.ts', 1000);
  setFolders(3000);
  expect(isStale(dir)).toBe(true);
  setFolders(1000);
  put('package.json', 3000);
  expect(isStale(dir)).toBe(true);
  put('package.json', 1000);
  expect(isStale(dir)).toBe(false);
  rmSync(join(dir, 'out/preload/index.cjs'));
  expect(isStale(dir)).toBe(true);
});

test('Linux shows windows only where a display is named', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('darwin', {})).toBe(true);
});
