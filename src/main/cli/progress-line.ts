import type { Progress } from '../../contract/frames.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { printable } from './words/table.ts';

const SPARSE_MS = 10_000;

interface Out {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Progress for people: one line rewritten in a terminal, a line per phase and per ten seconds elsewhere. */
export function createProgressLine(out: Out, now: () => number = () => performance.now()) {
  let shown = false;
  let phase = '';
  let lastMs = 0;
  const clear = () => {
    if (shown) out.write('\r\u001b[2K');
    shown = false;
  };
  return {
    show(progress: Progress): void {
      const text = describe(progress);
      if (out.isTTY) {
        out.write(`\r\u001b[2K${text.slice(0, Math.max(20, (out.columns ?? 80) - 1))}`);
        shown = true;
        return;
      }
      if (progress.phase === phase && now() - lastMs < SPARSE_MS) return;
      phase = progress.phase;
      lastMs = now();
      out.write(`${text}\n`);
    },
    /** Makes room for other words. */
    clear,
  };
}

function describe(progress: Progress): string {
  const { done, total, bytes, current } = progress;
  return [
    printable(progress.phase),
    total === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`,
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ...(current === undefined ? [] : [printable(current)]),
  ].join('  ');
}
