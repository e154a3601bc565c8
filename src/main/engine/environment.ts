import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineEnvironment } from './handler.ts';

/** What a shell hands to the engine's threads: the environment without its clock, which cannot travel. */
export type EngineSettings = Omit<EngineEnvironment, 'now'>;

export const withClock = (settings: EngineSettings): EngineEnvironment => ({ ...settings, now: () => new Date() });

const LOG_LIMIT_BYTES = 1_000_000;

/** Appends to the log in the data folder. It stops at its limit, and a log that cannot be written stops nothing. */
export function createLog(dataDir: string): (line: string) => void {
  const path = join(dataDir, 'isotherm.log');
  return (line) => {
    try {
      mkdirSync(dataDir, { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) return;
      appendFileSync(path, `${new Date().toISOString()} ${line}\n`);
    } catch {
      // Nowhere to write: the failure itself still reaches the person.
    }
  };
}
