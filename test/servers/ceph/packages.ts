import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Either the thing asked for, or why this machine cannot have it. */
export type Available<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common', 'ceph-base'];
const APT_TIMEOUT_MS = 240_000;

/** A folder outside the repository that outlives one run; only its owner may write to it. */
function cacheFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = process.env.ISOTHERM_TEST_CACHE ?? join(tmpdir(), `isotherm-test-cache-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (lstatSync(folder).uid !== uid) throw new Error(`${folder} belongs to another user`);
  chmodSync(folder, 0o700);
  return folder;
}

type Ran = { readonly ok: boolean; readonly output: string };

function run(command: string, args: readonly string[]): Ran {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: APT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  });
  const words = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`;
  return { ok: done.status === 0, output: words };
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' / ');

/** Lists of our own, so that neither root nor a previous `apt-get update` is needed. */
function aptOptions(folder: string): string[] {
  return [
    '-o',
    `Dir::State::lists=${join(folder, 'lists')}`,
    '-o',
    `Dir::Cache=${join(folder, 'apt')}`,
    '-o',
    `Dir::Cache::archives=${join(folder, 'debs')}`,
    '-o',
    'Debug::NoLocking=1',
    '-o',
    'APT::Sandbox::User=',
    '-o',
    'Acquire::Retries=3',
    '-o',
    'Acquire::http::Timeout=20',
    '-o',
    'Acquire::Languages=none',
  ];
}

/** Downloads Ceph from Debian and unpacks it without installing anything. Returns the unpacked root. */
export function cephPackages(say: (words: string) => void): Available<string> {
  if (process.platform !== 'linux') return { ok: false, reason: `Ceph comes from Debian's packages, and this is ${process.platform}` };
  const cache = cacheFolder();
  const root = join(cache, `ceph-${process.arch}`);
  if (existsSync(join(root, 'usr/bin/radosgw'))) return { ok: true, value: root };
  for (const tool of ['apt-get', 'dpkg']) {
    if (!run(tool, ['--version']).ok) return { ok: false, reason: `Ceph comes from Debian's packages, and there is no ${tool} here` };
  }
  const work = mkdtempSync(join(cache, 'ceph-unpack-'));
  try {
    for (const folder of ['lists/partial', 'apt', 'debs/partial', 'root']) mkdirSync(join(work, folder), { recursive: true });
    const options = aptOptions(work);
    say('reading the package lists');
    const update = run('apt-get', ['update', ...options]);
    if (!update.ok) return { ok: false, reason: `apt-get update failed: ${lastLines(update.output)}` };
    say('downloading Ceph');
    const download = run('apt-get', ['install', '-y', '--download-only', '--no-install-recommends', ...options, ...PACKAGES]);
    if (!download.ok) return { ok: false, reason: `apt-get could not download Ceph: ${lastLines(download.output)}` };
    for (const deb of readdirSync(join(work, 'debs')).filter((name) => name.endsWith('.deb'))) {
      const unpack = run('dpkg', ['-x', join(work, 'debs', deb), join(work, 'root')]);
      if (!unpack.ok) return { ok: false, reason: `dpkg could not unpack ${deb}: ${lastLines(unpack.output)}` };
    }
    if (!existsSync(join(work, 'root/usr/bin/radosgw'))) return { ok: false, reason: 'the packages hold no radosgw' };
    try {
      renameSync(join(work, 'root'), root);
    } catch (cause) {
      // Another run was faster; its copy is as good.
      if (!existsSync(join(root, 'usr/bin/radosgw'))) throw cause;
    }
    return { ok: true, value: root };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The folder with the shared libraries of this machine's architecture. */
export function libraryFolder(root: string): string {
  const libs = join(root, 'usr/lib');
  const found = readdirSync(libs).find((name) => name.endsWith('-linux-gnu') && statSync(join(libs, name)).isDirectory());
  return join(libs, found ?? 'x86_64-linux-gnu');
}
