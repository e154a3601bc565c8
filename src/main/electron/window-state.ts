import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const Pixels = v.pipe(v.number(), v.integer());
const StateSchema = v.object({ x: Pixels, y: Pixels, width: Pixels, height: Pixels, maximized: v.boolean() });
type WindowState = v.InferOutput<typeof StateSchema>;

export const MINIMUM_SIZE = { width: 960, height: 600 };
const FIRST_SIZE = { width: 1280, height: 800 };

/** The saved state, or undefined when there is none or it cannot be read. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    const parsed = v.safeParse(StateSchema, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.tmp`, JSON.stringify(state));
    renameSync(`${file}.tmp`, file);
  } catch {
    // A window that opens where it first did is no reason to fail.
  }
}

/** Bounds that lie wholly on the screen that shows most of them; centred on the first screen when none shows any. */
export function clampBounds(saved: Bounds | undefined, screens: readonly Bounds[]): Bounds {
  const first = screens[0] ?? { x: 0, y: 0, ...FIRST_SIZE };
  const overlap = (screen: Bounds) =>
    saved === undefined
      ? 0
      : Math.max(0, Math.min(saved.x + saved.width, screen.x + screen.width) - Math.max(saved.x, screen.x)) *
        Math.max(0, Math.min(saved.y + saved.height, screen.y + screen.height) - Math.max(saved.y, screen.y));
  const screen = screens.reduce((best, next) => (overlap(next) > overlap(best) ? next : best), first);
  const width = Math.min(Math.max(saved?.width ?? FIRST_SIZE.width, MINIMUM_SIZE.width), screen.width);
  const height = Math.min(Math.max(saved?.height ?? FIRST_SIZE.height, MINIMUM_SIZE.height), screen.height);
  if (saved === undefined || overlap(screen) === 0) {
    return { x: screen.x + Math.floor((screen.width - width) / 2), y: screen.y + Math.floor((screen.height - height) / 2), width, height };
  }
  const within = (at: number, size: number, start: number, room: number) => Math.min(Math.max(at, start), start + room - size);
  return { x: within(saved.x, width, screen.x, screen.width), y: within(saved.y, height, screen.y, screen.height), width, height };
}
