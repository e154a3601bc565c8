import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The last release that runs on Java 17 and is published whole; Athena's engine understands all that it does. */
const VERSION = '368';
const ARTIFACT = `io.trino:trino-server:${VERSION}:tar.gz`;
const JAVA = [11, 17];

export type Installed =
  | { readonly ok: true; readonly folder: string; readonly java: string }
  | { readonly ok: false; readonly reason: string };

const cache = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isotherm', `trino-${VERSION}`);

/** A Java that this release runs on. */
function findJava(): string | null {
  const candidates = ['java'];
  const folder = '/usr/lib/jvm';
  if (existsSync(folder)) for (const name of readdirSync(folder)) candidates.push(join(folder, name, 'bin', 'java'));
  return candidates.find((path) => JAVA.includes(majorOf(path))) ?? null;
}

function majorOf(java: string): number {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

/** The release unpacked in the cache folder; fetched with Maven only where `mayFetch`. */
export function installTrino(mayFetch: boolean): Installed {
  const java = findJava();
  if (!java) return { ok: false, reason: `no Java ${JAVA.join(' or ')} was found` };
  const folder = cache();
  if (existsSync(join(folder, 'lib'))) return { ok: true, folder, java };
  if (!mayFetch) return { ok: false, reason: `Trino is not in ${folder}; npm run test:deep fetches it` };
  if (spawnSync('mvn', ['-v'], { timeout: 60_000 }).status !== 0) return { ok: false, reason: 'there is no Maven to fetch Trino with' };
  mkdirSync(join(folder, '..'), { recursive: true });
  const work = mkdtempSync(join(folder, '..', 'trino-'));
  try {
    const got = spawnSync(
      'mvn',
      ['-B', '-q', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${work}`, '-Dmdep.useBaseVersion=true'],
      { encoding: 'utf8', timeout: 20 * 60_000 },
    );
    if (got.status !== 0) return { ok: false, reason: `Maven could not fetch Trino: ${(got.stdout || got.stderr).slice(-300)}` };
    // Files are hard links into folders of other plugins, so all of them are unpacked before most are left behind.
    execFileSync('tar', ['xzf', join(work, `trino-server-${VERSION}.tar.gz`), '--strip-components=1', '-C', work]);
    for (const plugin of readdirSync(join(work, 'plugin'))) {
      if (plugin !== 'hive') rmSync(join(work, 'plugin', plugin), { recursive: true });
    }
    rmSync(join(work, `trino-server-${VERSION}.tar.gz`));
    renameSync(work, folder);
    return { ok: true, folder, java };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
