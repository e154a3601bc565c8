import type { CDPSession, Page } from 'playwright';

/** Milliseconds between the beginnings of two frames. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

/** What a stretch of time cost the window: work of its main thread by frame, and how many frames came. */
export interface FrameFigures {
  readonly frames: number;
  /** Processor time of the main thread: what the work takes, whatever else the machine does. */
  readonly cpu: Spread;
  /** The same by the clock, waiting for a processor included. */
  readonly wall: Spread;
  /** Share of the display's frames that never came, 0..1. */
  readonly missed: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

const FRAME_MS = 1000 / 60;
/** Trace event of a frame's callbacks; the counting of frames below sees to it that every frame has one. */
const FRAME = 'FireAnimationFrame';

/**
 * Traces the page while `act` runs: top-level tasks of the renderer's main thread, summed up between frames. The page itself
 * counts frames by requestAnimationFrame, which is the display as the script sees it.
 */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<FrameFigures> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await page.evaluate(() => {
    const times: number[] = [];
    const state = { times, isOn: true };
    Reflect.set(window, 'benchFrames', state);
    const next = (now: number): void => {
      times.push(now);
      if (state.isOn) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'] },
  });
  await act();
  const ended = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.end');
  await ended;
  const times = await page.evaluate(() => {
    const state = Reflect.get(window, 'benchFrames') as { times: number[]; isOn: boolean };
    state.isOn = false;
    return state.times;
  });
  await close(session);
  return figures(events, times);
}

const close = async (session: CDPSession): Promise<void> => session.detach().catch(() => undefined);

function figures(events: readonly TraceEvent[], times: readonly number[]): FrameFigures {
  const main = busiestMainThread(events);
  const own = events.filter(({ pid, tid, ph }) => pid === main.pid && tid === main.tid && ph === 'X').sort((a, b) => a.ts - b.ts);
  const tasks = own.filter(({ name }) => name === 'ThreadControllerImpl::RunTask');
  const fires = own.filter(({ name }) => name === FRAME).map(({ ts }) => ts);
  const [cpu, wall]: [number[], number[]] = [[], []];
  let at = 0;
  let sums: { cpu: number; wall: number } | undefined;
  for (const task of tasks) {
    const end = task.ts + (task.dur ?? 0);
    let begins = false;
    while (at < fires.length && (fires[at] as number) < end) {
      begins = true;
      at++;
    }
    // The task that fires the frame's callbacks is the first of the frame.
    if (begins) {
      if (sums !== undefined) {
        cpu.push(sums.cpu / 1000);
        wall.push(sums.wall / 1000);
      }
      sums = { cpu: 0, wall: 0 };
    }
    if (sums === undefined) continue;
    sums.cpu += task.tdur ?? task.dur ?? 0;
    sums.wall += task.dur ?? 0;
  }
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const expected = Math.max(1, Math.round(span / FRAME_MS));
  return { frames: cpu.length, cpu: spread(cpu), wall: spread(wall), missed: Math.max(0, expected - (times.length - 1)) / expected };
}

function spread(values: number[]): Spread {
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), most: at(1) };
}

/** The main thread of the page: the one that fired the most frames. */
function busiestMainThread(events: readonly TraceEvent[]): { pid: number; tid: number } {
  const counts = new Map<string, { pid: number; tid: number; frames: number }>();
  for (const { name, pid, tid } of events) {
    if (name !== FRAME) continue;
    const known = counts.get(`${pid}/${tid}`) ?? { pid, tid, frames: 0 };
    known.frames += 1;
    counts.set(`${pid}/${tid}`, known);
  }
  return [...counts.values()].sort((a, b) => b.frames - a.frames)[0] ?? { pid: -1, tid: -1 };
}
