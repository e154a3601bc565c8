import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readJournal, unfinished } from '../../../src/main/apply/journal.ts';
import { listUnfinished, recover } from '../../../src/main/apply/recover.ts';
import { applyBench, BUCKET, FOREIGN, must } from '../../support/apply-bench.ts';

const bench = applyBench();
const CHILD = fileURLToPath(new URL('./children/dies-at.ts', import.meta.url));
const WIDENED = (xml: string): string => xml.replace(/<ObjectSizeGreaterThan>\d+<\/ObjectSizeGreaterThan>/, '');

/** Runs the child until its step; whether it was killed there, or outlived it. */
async function dies(order: object): Promise<boolean> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit'], env: process.env });
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve) => child.once('close', (...how) => resolve(how)));
  if (signal === 'SIGKILL') return true;
  expect(status).toBe(0);
  return false;
}

/** Every step under `test:deep`; otherwise every fifth, beginning with another one for every case. */
const STRIDE = process.env.ISOTHERM_DEEP === '1' ? 1 : 5;

type Shown = 'before' | 'after' | 'altered';

/** Kills a flow at every step it has, and looks at what the next start finds. */
async function everyStep(flow: 'apply' | 'rollback', act: 'finish' | 'undo', isWidened: boolean, first: number): Promise<number> {
  bench.server.xml = FOREIGN;
  const plan = must(await bench.plan());
  const planFile = join(bench.dataDir, 'plan.json');
  writeFileSync(planFile, JSON.stringify(plan));
  const journalId = flow === 'rollback' ? must(await bench.apply(plan)).journalId : '';
  const start = bench.server.xml;
  const steps: string[] = [];
  for (let step = STRIDE === 1 ? 0 : first; ; step += STRIDE) {
    const dataDir = mkdtempSync(join(tmpdir(), 'isotherm-killed-'));
    try {
      cpSync(bench.dataDir, dataDir, { recursive: true });
      bench.server.xml = start;
      bench.server.faults.store = isWidened ? WIDENED : (xml) => xml;
      const wasKilled = await dies({ step, flow, dataDir, planFile, journalId, endpoint: bench.server.endpoint });
      bench.server.faults.store = (xml) => xml;
      const xml: string = bench.server.xml ?? '';
      const context = { ...bench.context, dataDir };
      const open = must(await listUnfinished(context, {}));
      if (!wasKilled) {
        expect(open).toEqual([]);
        return step;
      }
      const isOurs = xml.includes('isotherm/');
      const isWhole = xml.includes('ObjectSizeGreaterThan');
      const truth: Shown = isOurs && !isWhole ? 'altered' : isOurs === (flow === 'apply') ? 'after' : 'before';
      const said = open[0]?.holds ?? 'closed';
      steps.push(`${step}: the bucket holds ${truth}, the journal says ${said}`);
      const [entry] = unfinished(must(readJournal(dataDir)));
      if (open.length === 0) {
        // Nothing was begun yet, or it had ended: then what was to be is there, or what had been.
        expect(truth, steps.join('\n')).not.toBe('altered');
        continue;
      }
      expect(said, steps.join('\n')).toBe(truth);
      expect(open[0]?.can, steps.join('\n')).toContain(act);
      expect(must(await recover(BUCKET, entry?.journalId ?? '', act, bench.remote, context)).journalId).toBe(entry?.journalId);
      const wantsOurs = (flow === 'apply') === (act === 'finish');
      expect(bench.server.xml?.includes('isotherm/') ?? false, steps.join('\n')).toBe(wantsOurs);
      expect(bench.server.xml?.includes('theirs'), steps.join('\n')).toBe(true);
      expect(must(await listUnfinished(context, {})), steps.join('\n')).toEqual([]);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

describe('a process killed at every step it has', () => {
  test.each([
    ['apply', 'finish', false, 0],
    ['apply', 'undo', false, 1],
    ['apply', 'undo', true, 2],
    ['rollback', 'finish', false, 3],
    ['rollback', 'undo', false, 4],
  ] as const)(
    '%s, then %s (widened by the server: %s): the next start tells the truth and ends it',
    { timeout: 600_000 },
    async (flow, act, isWidened, first) => {
      expect(await everyStep(flow, act, isWidened, first)).toBeGreaterThan(12);
    },
  );
});
