import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FuzzOrder, FuzzReport } from './child.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
/** Under test:deep an hour of processor time in all; else a share that is always the same. */
const DEEP_MINUTES = 60;
const SHARES: Readonly<Record<FuzzOrder['what'], { readonly inputs: number; readonly ofDeep: number }>> = {
  csv: { inputs: 2_000, ofDeep: 0.3 },
  parquet: { inputs: 300, ofDeep: 0.15 },
  orc: { inputs: 300, ofDeep: 0.15 },
  bombs: { inputs: 6, ofDeep: 0.01 },
  manifest: { inputs: 3_000, ofDeep: 0.15 },
  listing: { inputs: 6_000, ofDeep: 0.14 },
  journal: { inputs: 2_000, ofDeep: 0.1 },
};

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const SILENCE_MS = 60_000;

/** Runs the reader in a process with little memory; one that says nothing for a minute hangs. */
async function fuzz(order: FuzzOrder): Promise<FuzzReport> {
  const child = spawn(process.execPath, ['--max-old-space-size=256', CHILD, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last: FuzzReport | undefined;
  const hang = (): void => void child.kill('SIGKILL');
  let timer = setTimeout(hang, SILENCE_MS);
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = JSON.parse(line) as FuzzReport;
    clearTimeout(timer);
    timer = setTimeout(hang, SILENCE_MS);
  });
  const status = await new Promise<number | string | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  clearTimeout(timer);
  if (last?.failed !== undefined) throw new Error(last.failed);
  if (status !== 0 || last === undefined)
    throw new Error(`ended with ${status} after ${last?.inputs ?? 0} inputs of ${JSON.stringify(order)}`);
  return last;
}

describe('changed inputs end in rows or a failure with a code', () => {
  it.each(Object.entries(SHARES))(
    '%s',
    async (what, { inputs, ofDeep }) => {
      const much = deep ? { ms: DEEP_MINUTES * 60_000 * ofDeep } : { inputs };
      const report = await fuzz({ what: what as FuzzOrder['what'], seed: deep ? Date.now() : 20_261_124, ...much });
      if (deep) console.info(what, JSON.stringify(report));
      expect(report.inputs).toBeGreaterThanOrEqual(deep ? 1 : inputs);
      expect(report.rssMib).toBeLessThan(400);
      expect(report.slowestMs).toBeLessThan(10_000);
      // Changes that never get past the first look, or are never noticed, try nothing.
      if (what !== 'bombs') expect(Object.keys(report.outcomes).length).toBeGreaterThan(1);
    },
    deep ? DEEP_MINUTES * 60_000 : 120_000,
  );
});
