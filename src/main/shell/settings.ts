import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineSettings } from '../engine/environment.ts';

/** The folder that holds package.json: three levels above this source, two above the bundle in out/main. */
export const projectDir = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../../' : '../../', import.meta.url));

type Env = Readonly<Record<string, string | undefined>>;

/** ISOTHERM_HOME, else where each platform keeps the data of its applications. */
export function dataDirFor(platform: NodeJS.Platform, env: Env, home: string): string {
  if (env.ISOTHERM_HOME) return env.ISOTHERM_HOME;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Isotherm');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Isotherm');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'isotherm');
}

export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** The name of the account this runs under; some containers have accounts without one. */
function personHere(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? 'unknown';
  }
}

/** What the shells on this machine hand to the engine. */
export function shellSettings(): EngineSettings {
  return {
    version: readVersion(),
    dataDir: dataDirFor(process.platform, process.env, homedir()),
    resourcesDir: join(projectDir, 'resources'),
    trino: { user: process.env.TRINO_USER, password: process.env.TRINO_PASSWORD, accessToken: process.env.TRINO_ACCESS_TOKEN },
    person: personHere(),
  };
}
