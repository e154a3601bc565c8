import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { Kind } from '../../../src/contract/vocabulary.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { accessHandlers } from '../../../src/main/engine/handlers/access.ts';
import { proposalHandlers } from '../../../src/main/engine/handlers/proposals.ts';
import { oracleKeys } from '../../../src/main/engine/oracle-keys.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { logLine } from '../../support/access-logs.ts';
import { AS_OF_MS, daysAgo, inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { readLayouts } from '../../support/layouts.ts';
import { deedsOf } from '../../support/tagged-story.ts';

const DAY = 86_400_000;
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
  return result.value;
};

/** Kinds whose parts refer to each other: nothing of them may ever go, or move, by age. */
const NEVER: ReadonlySet<Kind> = new Set<Kind>(['dataset_live_table', 'dataset_store', 'feature', 'system', 'other']);

test('of all labelled layouts, years old and never read, nothing of a table, a store or an unknown thing is proposed by any kind', () =>
  inFolder(async (folder) => {
    const context: CallContext = {
      environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    // Each layout is a bucket of its own; here each has a folder.
    const labelled = readLayouts().flatMap(({ keys }, at) => keys.map((one) => ({ ...one, key: `b${at}/${one.key}` })));
    const kindOf = new Map(labelled.map(({ key, kind }) => [key, kind]));
    const index = join(folder, 'x.db');
    await writeIndex(
      index,
      [...kindOf.keys()].map((key) => row(key, { lastModifiedMs: daysAgo(800), sizeBytes: 2 ** 31 })),
    );
    mkdirSync(join(folder, 'logs'));
    const lines = Array.from({ length: 500 }, (_, at) =>
      logLine({ key: '', operation: 'REST.GET.BUCKET', timeMs: AS_OF_MS - (at + 1) * DAY + 1000 }),
    );
    writeFileSync(join(folder, 'logs', 'all'), lines.join('\n'));
    must(await accessHandlers['access.import']({ index, location: join(folder, 'logs') }, context));

    const listed = v.parse(METHODS['recommend.list'].params, { index, limit: 1000 });
    const { proposals } = must(await proposalHandlers['recommend.list'](listed, context));
    // The test could not fail if nothing were proposed.
    expect(new Set(proposals.map(({ kind }) => kind))).toEqual(new Set(['checkpoint', 'unfinished', 'cold', 'log', 'temporary', 'text']));
    const ids = proposals.filter(({ kind }) => kind !== 'text').map(({ id }) => id);
    for (const prefixRules of [0, 900]) {
      const params = v.parse(METHODS['recommend.compile'].params, {
        index,
        ids,
        prefixRules,
        folder: join(folder, `lists-${prefixRules}`),
      });
      const compiled = must(await proposalHandlers['recommend.compile'](params, context));
      expect(compiled.proof.isExact).toBe(true);
      const reader = must(openIndex(index));
      const deeds = deedsOf(oracleKeys(reader, '1', must(reader.cube('1'))), compiled, 20);
      const touched = [...deeds.keys()].map((id) => id.split('\n')[0] as string);
      expect(touched.length).toBeGreaterThan(60);
      expect(touched.filter((key) => NEVER.has(kindOf.get(key) as Kind))).toEqual([]);
    }
  }));
