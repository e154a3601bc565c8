import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Config {
  readonly [key: string]: unknown;
  readonly linux: { readonly icon: string };
  readonly mac: { readonly icon: string };
  readonly win: { readonly icon: string };
  readonly asarUnpack: readonly string[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
}
interface BuilderConfig {
  getConfig(projectDir: string, file: string, inline: null): Promise<Config>;
  validateConfiguration(config: unknown, log: unknown): Promise<void>;
}

// electron-builder's own loader and schema, found from where it is installed.
const require = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as BuilderConfig;
const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => unknown };

const load = () => getConfig(root, join(root, 'electron-builder.yml'), null);
const check = (config: unknown) => validateConfiguration(config, new DebugLogger(false));

test("the configuration fits electron-builder's own schema", async () => {
  await check(await load());
});

test('a misspelt setting does not fit it', async () => {
  await expect(check({ ...(await load()), apId: 'x' })).rejects.toThrow(/apId/);
});

test('every platform has its icon, in the format it needs', async () => {
  const { linux, mac, win } = await load();
  for (const size of [16, 32, 48, 64, 128, 256, 512, 1024]) {
    const png = readFileSync(join(root, linux.icon, `${size}x${size}.png`));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  }
  const icns = readFileSync(join(root, mac.icon));
  expect(icns.subarray(0, 4).toString('latin1')).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const ico = readFileSync(join(root, win.icon));
  expect(ico.readUInt16LE(2)).toBe(1);
  const last = 6 + 16 * (ico.readUInt16LE(4) - 1);
  expect(ico.readUInt32LE(last + 12) + ico.readUInt32LE(last + 8)).toBe(ico.length);
});

test('the binary cannot be turned into a plain Node, and threads find their modules outside the archive', async () => {
  const { electronFuses, asarUnpack } = await load();
  expect(electronFuses).toMatchObject({ runAsNode: false, onlyLoadAppFromAsar: true, enableNodeOptionsEnvironmentVariable: false });
  expect(asarUnpack).toEqual(expect.arrayContaining(['out/main/**', 'node_modules/better-sqlite3/**']));
});

test('what the packaged app reads at run time is part of it', () => {
  for (const file of ['pricing.json', 'classification-rules.json']) expect(existsSync(join(root, 'resources', file))).toBe(true);
});
