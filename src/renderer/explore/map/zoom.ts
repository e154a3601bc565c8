export type Rect = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

const ZOOM_MS = 180;

/** The rectangle a part of the way from one to another; `t` 0..1. */
export function between(from: Rect, to: Rect, t: number): Rect {
  const mix = (a: number, b: number): number => a + (b - a) * t;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), w: mix(from.w, to.w), h: mix(from.h, to.h) };
}

/** Where the whole picture lies when its part `part` is drawn at `at`. */
export function wholeWhen(part: Rect, at: Rect, whole: Rect): Rect {
  const [sx, sy] = [at.w / part.w, at.h / part.h];
  return { x: at.x - part.x * sx, y: at.y - part.y * sy, w: whole.w * sx, h: whole.h * sy };
}

/** Decelerates like the window's other movements. */
const easeOut = (t: number): number => 1 - (1 - t) ** 3;

/**
 * Plays the way from picture `before` to picture `after` on a canvas. Going in, `part` is where the new directory
 * lay in the picture before; going out, where the old one lies in the picture after. Returns how to stop it.
 */
export function playZoom(
  canvas: HTMLCanvasElement,
  pictures: { readonly before: HTMLCanvasElement; readonly after: HTMLCanvasElement },
  part: Rect,
  goesIn: boolean,
): () => void {
  const g = canvas.getContext('2d');
  const whole = { x: 0, y: 0, w: canvas.width, h: canvas.height };
  const start = performance.now();
  let frame = 0;
  const draw = (now: number): void => {
    if (g === null) return;
    const t = Math.min(1, (now - start) / ZOOM_MS);
    const eased = easeOut(Math.max(0, t));
    const inner = between(goesIn ? part : whole, goesIn ? whole : part, eased);
    const outer = wholeWhen(part, inner, whole);
    const [outside, inside] = goesIn ? [pictures.before, pictures.after] : [pictures.after, pictures.before];
    g.setTransform(1, 0, 0, 1, 0, 0);
    if (t < 1) {
      g.drawImage(outside, outer.x, outer.y, outer.w, outer.h);
      g.globalAlpha = goesIn ? eased : 1 - eased;
      g.drawImage(inside, inner.x, inner.y, inner.w, inner.h);
      g.globalAlpha = 1;
      frame = requestAnimationFrame(draw);
    } else g.drawImage(pictures.after, 0, 0);
  };
  draw(start);
  return () => cancelAnimationFrame(frame);
}

/** The same pixels on a canvas of their own. */
export function copyOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  if (canvas.width > 0 && canvas.height > 0) copy.getContext('2d')?.drawImage(canvas, 0, 0);
  return copy;
}
