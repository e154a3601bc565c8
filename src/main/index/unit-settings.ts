import type Database from 'better-sqlite3';
import * as v from 'valibot';
import { type UnitSettings, UnitSettingsSchema } from '../../contract/unit-views.ts';
import { USUAL_NOISE } from '../../core/access/readers.ts';
import { type CompiledOverride, compileOverrides } from '../../core/classify/overrides.ts';

/** What people have said of keys and units; what they have not said is as usual. */
export function settingsIn(database: Database): UnitSettings {
  const rows = database.prepare('SELECT name, value FROM unit_settings').all();
  const stored = Object.fromEntries(rows.map((row) => [String(row.name), JSON.parse(String(row.value)) as unknown]));
  return v.parse(UnitSettingsSchema, { ...stored, usualNoise: [...USUAL_NOISE] });
}

/** The overrides a scan goes by. */
export function overridesIn(database: Database): readonly CompiledOverride[] {
  const compiled = compileOverrides(settingsIn(database).overrides);
  // They were compiled before they were stored.
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value;
}
