import { expect, test } from 'vitest';
import { dataDirFor } from '../../../src/main/shell/settings.ts';
import { browserCommand } from '../../../src/main/web/open-browser.ts';

test.each([
  ['linux', {}, '/home/a/.local/share/isotherm'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/isotherm'],
  ['darwin', { XDG_DATA_HOME: '/data' }, '/home/a/Library/Application Support/Isotherm'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/Isotherm'],
  ['win32', {}, '/home/a/AppData/Local/Isotherm'],
  ['linux', { ISOTHERM_HOME: '/elsewhere' }, '/elsewhere'],
] as const)('on %s with %o the data folder is %s', (platform, env, folder) => {
  expect(dataDirFor(platform, env, '/home/a')).toBe(folder);
});

test('no browser is opened in automation or where nobody would see it', () => {
  expect(browserCommand('darwin', { CI: '1' })).toBeUndefined();
  expect(browserCommand('linux', { PATH: '/usr/bin' })).toBeUndefined();
  expect(browserCommand('linux', { DISPLAY: ':0', PATH: '/no/such/folder' })).toBeUndefined();
  expect(browserCommand('darwin', {})).toEqual(['open']);
});
