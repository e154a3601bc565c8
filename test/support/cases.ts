import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'vitest';

const folder = process.env.ISOTHERM_CASES ?? resolve(import.meta.dirname, '..', '..', '..', 'shared', 'cases');

/** Where a case that others wrote lies; it may not be there. */
export const casePath = (...parts: readonly string[]): string => join(folder, ...parts);

const hasCase = (...parts: readonly string[]): boolean => existsSync(casePath(...parts));

/** Skips the test, with the reason, where the case is not on this machine. */
export function needCase(context: TestContext, ...parts: readonly string[]): void {
  if (!hasCase(...parts)) context.skip(`the cases of others are not here; ISOTHERM_CASES names the folder with ${parts.join('/')}`);
}
