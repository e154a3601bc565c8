import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kind } from '../../src/contract/vocabulary.ts';

export interface LabelledKey {
  readonly key: string;
  readonly kind: Kind;
  /** The unit as test/fixtures/layouts/README.md spells it. */
  readonly unit: string;
}
export interface Layout {
  readonly name: string;
  readonly keys: readonly LabelledKey[];
}

const FOLDER = fileURLToPath(new URL('../fixtures/layouts', import.meta.url));

/** Every labelled layout of test/fixtures/layouts. */
export function readLayouts(): Layout[] {
  const layouts: { name: string; keys: LabelledKey[] }[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))) {
    let kind: Kind = 'other';
    let unit = '-';
    for (const line of readFileSync(join(FOLDER, file), 'utf8').split('\n')) {
      if (line.startsWith('## ')) layouts.push({ name: line.slice(3).split(':')[0] as string, keys: [] });
      else if (line.startsWith('= ')) {
        const [kindText, unitText] = line.slice(2).split(/ (.*)/s);
        kind = kindText as Kind;
        unit = unitText as string;
      } else if (line !== '') layouts.at(-1)?.keys.push({ key: line, kind, unit });
    }
  }
  return layouts;
}
