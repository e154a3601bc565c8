import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AppError } from '../../../src/contract/errors.ts';
import { PROGRAM } from '../../support/command-line.ts';
import { type Bench, conditionOf, makeBench, namesIn } from './support.ts';

const deep = process.env.ISOTHERM_DEEP === '1';

let bench: Bench;
beforeAll(async () => {
  bench = await makeBench('full');
});
afterAll(() => bench.files.remove());

const scan = (index: string): string[] => [process.execPath, PROGRAM, 'scan', bench.report, '--index', index, '--json'];

/** Status and error of a scan that is expected to fail. */
function run(command: readonly string[]): { status: number | null; error: AppError | undefined } {
  const [program = '', ...args] = command;
  const ended = spawnSync(program, args, { env: bench.environment, encoding: 'utf8' });
  const answer = JSON.parse(ended.stdout || '{}') as { error?: AppError };
  return { status: ended.status, error: answer.error };
}

it('a scan onto a disk with no room left says so and changes nothing, wherever it runs out', (context) => {
  const disk = bench.files.path('disk');
  mkdirSync(disk);
  const indexMib = Math.ceil(statSync(bench.index).size / (1 << 20));
  const sizes = deep ? Array.from({ length: 24 }, (_, i) => indexMib + 1 + i) : [indexMib + 1, indexMib + 4, indexMib + 8];
  for (const mib of sizes) {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'none', disk]).status !== 0)
      return context.skip('a small disk cannot be mounted here');
    try {
      const index = join(disk, 'x.db');
      copyFileSync(bench.index, index);
      const { status, error } = run(scan(index));
      const condition = conditionOf({ ...bench, index });
      if (status === 0) expect(condition).toBe('with the new snapshot');
      else {
        expect(error, `${mib} MiB`).toMatchObject({ code: 'DiskFull' });
        expect(condition, `${mib} MiB`).toBe('as before');
      }
      expect(namesIn(disk)).toEqual(['x.db']);
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  }
});

it('a scan that may not write so large a file says so and changes nothing', (context) => {
  if (process.platform === 'win32') return context.skip('limits of files are not known here');
  const before = namesIn(bench.folder);
  const indexKib = Math.ceil(statSync(bench.index).size / 1024);
  for (const kib of [indexKib + 64, indexKib + 2_000, indexKib + 6_000]) {
    // Without the trap the limit ends the process by a signal.
    const { status, error } = run(['bash', '-c', `trap '' XFSZ; ulimit -f ${kib}; exec "$@"`, 'bash', ...scan(bench.index)]);
    const condition = conditionOf(bench);
    if (status === 0) expect(condition).toBe('with the new snapshot');
    else {
      expect(['DiskFull', 'FileUnwritable'], JSON.stringify(error)).toContain(error?.code);
      expect(condition).toBe('as before');
    }
    expect(namesIn(bench.folder)).toEqual(before);
  }
});
