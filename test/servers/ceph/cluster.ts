import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cephConf } from './config.ts';
import { libraryFolder } from './packages.ts';

const CLASSES = ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE'];
const DATA_POOL = 'default.rgw.buckets.data';

/** How to reach a running gateway. The secrets are fixed words: the server lives on loopback for a minute. */
export interface CephAccess {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly other: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Cluster {
  readonly access: CephAccess;
  readonly stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}

class StepFailed extends Error {}

/** Starts every daemon of one cluster; throws when a step fails or takes too long, after stopping what it had started. */
export async function startCluster(root: string, say: (words: string) => void, daySeconds: number | null): Promise<Cluster> {
  const home = mkdtempSync(join(tmpdir(), 'isotherm-ceph-'));
  const libraries = libraryFolder(root);
  const layout = { fsid: randomUUID(), home, libraries, monPort: await freePort(), rgwPort: await freePort(), daySeconds };
  for (const folder of ['mon', 'osd/ceph-0', 'run', 'log', 'rgw']) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, 'ceph.conf'), cephConf(layout));
  writeFileSync(join(home, 'keyring'), '');
  const environment = {
    ...process.env,
    LC_ALL: 'C',
    LD_LIBRARY_PATH: [libraries, join(libraries, 'ceph'), libraries.replace('/usr/lib/', '/lib/'), join(root, 'usr/lib/ceph')].join(':'),
    PATH: `${join(root, 'usr/bin')}:${join(root, 'usr/sbin')}:${process.env.PATH ?? ''}`,
    CEPH_CONF: join(home, 'ceph.conf'),
    PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
  };
  const daemons: ChildProcess[] = [];
  const short = new Set<ChildProcess>();

  const logTail = (name: string): string => {
    const file = join(home, 'log', `${name}.out`);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' / ') : '';
  };

  /** Runs one command to its end; the text of stdout, or StepFailed. */
  const step = async (name: string, command: string, args: readonly string[], timeoutMs: number): Promise<string> => {
    const child = spawn(command, args, { env: environment, cwd: home, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    short.add(child);
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const timer = setTimeout(() => killGroup(child), timeoutMs);
    const status = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', (code) => resolve(code));
    });
    clearTimeout(timer);
    short.delete(child);
    if (status !== 0) {
      const words = errors.trim().split('\n').slice(-3).join(' / ');
      throw new StepFailed(`${name} ${status === null ? `was stopped after ${timeoutMs / 1000} s` : `ended with ${status}`}: ${words}`);
    }
    return out;
  };

  const daemon = (name: string, command: string, args: readonly string[]): ChildProcess => {
    const log = openSync(join(home, 'log', `${name}.out`), 'a');
    // The kernel kills the daemon if this process dies without cleaning up.
    const guarded = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', command, ...args] : [command, ...args];
    const child = spawn(guarded[0] ?? command, guarded.slice(1), { env: environment, cwd: home, stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', () => undefined);
    daemons.push(child);
    return child;
  };

  /** Asks again and again until it holds; gives up when the time is over or the daemon behind it has ended. */
  const until = async (name: string, timeoutMs: number, behind: ChildProcess, holds: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + timeoutMs;
    while (Date.now() < end) {
      if (behind.exitCode !== null || behind.signalCode !== null) throw new StepFailed(`${name} ended early: ${logTail(name)}`);
      if (await holds()) return;
      await sleep(100);
    }
    throw new StepFailed(`${name} was not ready after ${timeoutMs / 1000} s: ${logTail(name)}`);
  };

  const stop = async (): Promise<void> => {
    for (const child of short) killGroup(child);
    // Nothing in it is worth keeping, so nothing has to shut down in order.
    await Promise.all(
      daemons.map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };

  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : join(root, 'usr/bin/python3');
  const ceph = (name: string, args: readonly string[]) =>
    step(name, python, [join(root, 'usr/bin/ceph'), '--connect-timeout', '8', ...args], 12_000);
  const admin = (name: string, args: readonly string[]) => step(name, 'radosgw-admin', ['-n', 'client.rgw.a', ...args], 25_000);

  try {
    const { fsid, monPort, rgwPort } = layout;
    const keyring = join(home, 'keyring');
    const monmap = join(home, 'monmap');
    await step('monmaptool', 'monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${monPort}]`, monmap], 10_000);
    await step('mon mkfs', 'ceph-mon', ['--mkfs', '-i', 'a', '--monmap', monmap, '--keyring', keyring], 15_000);
    const mon = daemon('mon', 'ceph-mon', ['-i', 'a', '-f']);
    await until('mon', 25_000, mon, () =>
      ceph('mon stat', ['mon', 'stat']).then(
        () => true,
        () => false,
      ),
    );
    say('monitor up');

    const osdUuid = randomUUID();
    await ceph('osd new', ['osd', 'new', osdUuid, '0']);
    await step('osd mkfs', 'ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', osdUuid], 20_000);
    const osd = daemon('osd', 'ceph-osd', ['-i', '0', '-f']);
    await until('osd', 25_000, osd, () =>
      ceph('osd stat', ['osd', 'stat']).then(
        (text) => /\b1 up\b/.test(text),
        () => false,
      ),
    );
    say('object store up');

    const access: CephAccess = {
      endpoint: `http://127.0.0.1:${rgwPort}`,
      accessKeyId: 'AKIATESTER',
      secretAccessKey: 'secrettester',
      other: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'secretother' },
    };
    // The first user makes the default zone as well.
    await admin('user tester', userArguments('tester', access));
    await admin('user other', userArguments('other', access.other));
    say('users created');
    await addStorageClasses(admin, join(home, 'edited.json'));
    say('storage classes added');

    const rgw = daemon('rgw', 'radosgw', ['-n', 'client.rgw.a', '-f']);
    await until('rgw', 30_000, rgw, () =>
      fetch(access.endpoint, { signal: AbortSignal.timeout(2_000) }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status === 200;
        },
        () => false,
      ),
    );
    say(`gateway answers on ${access.endpoint}`);
    return { access, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

const userArguments = (uid: string, keys: { readonly accessKeyId: string; readonly secretAccessKey: string }): string[] => [
  'user',
  'create',
  '--uid',
  uid,
  '--display-name',
  uid,
  '--access-key',
  keys.accessKeyId,
  '--secret-key',
  keys.secretAccessKey,
];

type Admin = (name: string, args: readonly string[]) => Promise<string>;
type ZoneGroup = { placement_targets: { name: string; storage_classes: string[] }[] };
type Zone = { placement_pools: { key: string; val: { storage_classes: Record<string, { data_pool?: string }> } }[] };

/** Two edits instead of a dozen commands; all classes share one pool, since making pools is what takes long. */
async function addStorageClasses(admin: Admin, file: string): Promise<void> {
  const group = JSON.parse(await admin('zonegroup get', ['zonegroup', 'get', '--rgw-zonegroup', 'default'])) as ZoneGroup;
  for (const target of group.placement_targets) target.storage_classes = ['STANDARD', ...CLASSES];
  writeFileSync(file, JSON.stringify(group));
  await admin('zonegroup set', ['zonegroup', 'set', '--rgw-zonegroup', 'default', '--infile', file]);
  const zone = JSON.parse(await admin('zone get', ['zone', 'get', '--rgw-zone', 'default'])) as Zone;
  for (const { val } of zone.placement_pools) for (const name of CLASSES) val.storage_classes[name] = { data_pool: DATA_POOL };
  writeFileSync(file, JSON.stringify(zone));
  await admin('zone set', ['zone', 'set', '--rgw-zone', 'default', '--infile', file]);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
