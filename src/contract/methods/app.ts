import * as v from 'valibot';
import type { Definition } from './definition.ts';

/** What the window keeps between starts, as JSON of its own; the engine looks into none of it. */
const DeskText = v.pipe(v.string(), v.maxLength(1_000_000));

/** The app itself. */
export const APP_METHODS = {
  'app.info': {
    effect: 'read',
    params: v.strictObject({}),
    result: v.strictObject({
      version: v.string(),
      dataDir: v.string(),
      priceRegions: v.array(v.strictObject({ region: v.string(), name: v.string(), asOf: v.string() })),
      presets: v.array(v.strictObject({ id: v.string(), name: v.string(), words: v.string() })),
    }),
  },
  /** What `app.remember` kept last; null where nothing is kept or can be read. */
  'app.recall': { effect: 'read', params: v.strictObject({}), result: v.strictObject({ desk: v.nullable(DeskText) }) },
  /** Keeps the window's places, sizes and choices: never a credential, nothing of a bucket but names. */
  'app.remember': { effect: 'index', params: v.strictObject({ desk: DeskText }), result: v.strictObject({}) },
} as const satisfies Record<string, Definition>;
