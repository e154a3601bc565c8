import * as v from 'valibot';
import type { Definition } from './definition.ts';

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
} as const satisfies Record<string, Definition>;
