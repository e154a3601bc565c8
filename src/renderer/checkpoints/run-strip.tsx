import { useEffect, useRef } from 'react';
import { formatCount } from '../../core/report/format.ts';
import { ageToken, type ReadColor } from '../theme/colors.ts';
import { type Cell, columnsOf } from './strip.ts';

/** A run from its first step to its last: kept ones filled in the colour of their age, the others as outlines. */
export function RunStrip({ cells, width, height, colors }: { cells: readonly Cell[]; width: number; height: number; colors: ReadColor }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context == null || width <= 0) return;
    const ratio = window.devicePixelRatio || 1;
    const { canvas: element } = context;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    draw(context, cells, element.width, element.height, ratio, colors);
  }, [cells, width, height, colors]);
  return (
    <>
      <span className="strip" aria-hidden="true">
        <canvas ref={canvas} style={{ width, height }} />
      </span>
      <span className="visually-hidden">{stripWords(cells)}</span>
    </>
  );
}

const stripWords = (cells: readonly Cell[]): string => {
  const kept = cells.filter(({ verdict }) => verdict === 'keep').length;
  const stale = cells.filter(({ verdict }) => verdict === 'stale').length;
  return `${formatCount(cells.length)} steps, ${formatCount(kept)} kept, ${formatCount(stale)} would go`;
};

/** All sizes in pixels of the device. */
function draw(
  context: CanvasRenderingContext2D,
  cells: readonly Cell[],
  width: number,
  height: number,
  ratio: number,
  colors: ReadColor,
): void {
  const { stepPx, columns } = columnsOf(cells, width / ratio);
  const step = stepPx * ratio;
  const foot = Math.round(3 * ratio);
  const line = Math.max(1, Math.round(ratio));
  const least = Math.round(3 * ratio);
  context.clearRect(0, 0, width, height);
  columns.forEach((cell, at) => {
    const left = Math.round(at * step);
    const room = Math.round((at + 1) * step) - left;
    const wide = Math.max(1, room - (room > least ? line : 0));
    if (cell.verdict === 'keep') {
      context.fillStyle = colors(ageToken(cell.age));
      context.fillRect(left, 0, wide, height - (cell.isProtected ? foot + line : 0));
      if (cell.isProtected) {
        context.fillStyle = colors('--t1');
        context.fillRect(left, height - foot + line, wide, foot - line);
      }
      return;
    }
    if (cell.verdict === 'stale') {
      context.fillStyle = colors('--line2');
      const top = Math.round(height * 0.2);
      const tall = height - 2 * top;
      if (wide < least) context.fillRect(left, top, Math.max(1, Math.round(wide / 2)), tall);
      else {
        context.strokeStyle = colors('--line2');
        context.lineWidth = line;
        context.strokeRect(left + line / 2, top + line / 2, wide - line, tall - line);
      }
      return;
    }
    // Neither kept nor let go: nobody can tell, or nothing of it is current.
    context.fillStyle = colors(cell.verdict === 'gone' ? '--line2' : '--warn');
    context.fillRect(left, Math.round(height / 2) - line, wide, 2 * line);
  });
}
