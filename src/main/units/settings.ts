import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { UnitSettings, UnitSettingsChange } from '../../contract/unit-views.ts';
import { noiseFilter } from '../../core/access/readers.ts';
import { compileGlob } from '../../core/classify/glob.ts';
import { compileOverrides } from '../../core/classify/overrides.ts';
import { changeIn, readFrom } from '../index/small-changes.ts';
import { settingsIn } from '../index/unit-settings.ts';

/** Overrides, pins, keep policies and excluded readers of a workspace. */
export const readSettings = (index: string): Result<UnitSettings> => readFrom(index, settingsIn);

/** Replaces the lists that are given, all or none. Usage where a pattern cannot be read or a name is there twice. */
export function changeSettings(index: string, change: UnitSettingsChange): Result<UnitSettings> {
  const refused = problemOf(change);
  if (!refused.ok) return refused;
  return changeIn(index, (database) => {
    const set = database.prepare('INSERT OR REPLACE INTO unit_settings (name, value) VALUES (?, ?)');
    for (const [name, value] of Object.entries(change)) {
      if (value === null) database.prepare('DELETE FROM unit_settings WHERE name = ?').run(name);
      else if (value !== undefined) set.run(name, JSON.stringify(value));
    }
    return settingsIn(database);
  });
}

function problemOf({ overrides = [], pins = [], noise, keep = [] }: UnitSettingsChange): Result<void> {
  const compiled = compileOverrides(overrides);
  if (!compiled.ok) return compiled;
  for (const { glob } of pins) {
    const pin = compileGlob(glob);
    if (!pin.ok) return pin;
  }
  const filter = noiseFilter(noise ?? []);
  if (!filter.ok) return filter;
  const twice = firstTwice(overrides.map(({ id }) => id)) ?? firstTwice(keep.map(({ prefix }) => prefix));
  if (twice === undefined) return ok(undefined);
  return err(appError('Usage', `"${twice}" is there twice.`, { field: 'settings' }));
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at);
}
