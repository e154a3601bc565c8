import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDir } from '../../transports/transports.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const dir = temporaryDir();
afterAll(() => rmSync(dir, { recursive: true }));

/** An older Node of the system, other than the project's own. */
const OLD_NODES = ['/usr/bin/node', '/usr/local/bin/node'];
const isOld = (path: string): boolean =>
  existsSync(path) && Number(/^v(\d+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? 99) < 22;
const oldNode = [process.env.ISOTHERM_OLD_NODE ?? '', ...OLD_NODES].find(isOld);

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly errors: string;
}

function start(program: string, args: readonly string[]) {
  const child = spawn(program, args, { env: { ...process.env, ISOTHERM_HOME: join(dir, 'home') } });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, out, errors })));
  return { child, ended, out: () => out };
}

describe('started by a Node that cannot run the sources', () => {
  beforeEach((context) => {
    if (oldNode === undefined) context.skip('there is no Node older than 22 here; name one in ISOTHERM_OLD_NODE');
  });
  const bin = join(root, 'bin', 'isotherm');

  test('it hands over and passes on output and exit status', async () => {
    expect(await start(oldNode ?? '', [bin, '--version']).ended).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^\d/),
      errors: '',
    });
    expect(await start(oldNode ?? '', [bin, 'summary']).ended).toMatchObject({ status: 2, out: '' });
  });

  test('it passes on a signal and waits for the end', async () => {
    const scan = start(oldNode ?? '', [bin, 'sample', '--out', join(dir, 'report'), '--versions', '50000000', '--seed', '1', '--json']);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    scan.child.kill('SIGINT');
    const ended = await scan.ended;
    expect(ended.status).toBe(130);
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'Cancelled' } });
  });

  test('without the project’s own Node it says in words what to do', async () => {
    const copy = join(dir, 'copy');
    mkdirSync(join(copy, 'bin'), { recursive: true });
    cpSync(bin, join(copy, 'bin', 'isotherm'));
    writeFileSync(join(copy, 'bin', 'package.json'), '{"type":"commonjs"}');
    const ended = await start(oldNode ?? '', [join(copy, 'bin', 'isotherm'), '--version']).ended;
    expect(ended.status).toBe(5);
    expect(ended.errors).toContain('npm ci');
  });
});

test('a reader that goes away early is no failure', async () => {
  const ended = await start('sh', ['-c', `"${process.execPath}" "${join(root, 'bin', 'isotherm')}" --help | head -n 1; echo "status $?"`])
    .ended;
  expect(ended.errors).toBe('');
  expect(ended.out).toContain('status 0');
});
