import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MULTI } from '../../../src/core/cube/cube.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { daysAgo, inFolder, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

/** Rows of a segment, as src/kernel/segment.ts has it. */
const ROWS = 65_536;

// The first key makes its segment longer than usual, so that the second segment ends inside a block of what is merged.
test.each([2, 3, 40])('where segments end, every one of the %i rows of a key knows that there are several', async (versions) => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    const rows: PlainRow[] = [];
    const singles = (name: string, count: number): void => {
      for (let k = 0; k < count; k++) rows.push(row(`d/${name}${String(k).padStart(6, '0')}`, { lastModifiedMs: daysAgo(3) }));
    };
    const key = (name: string, count: number): void => {
      for (let v = 0; v < count; v++)
        rows.push(row(`d/${name}`, { versionId: `v${v}`, state: v === 0 ? 'marker' : 'noncurrent', lastModifiedMs: daysAgo(10 + v) }));
    };
    singles('a', ROWS - 1);
    key('b', 2);
    singles('c', ROWS - 1);
    key('d', versions);
    singles('e', 10);
    await writeIndex(path, rows, { batchRows: 10_000 });
    const reader = openIndex(path);
    if (!reader.ok) throw new Error(reader.error.code);
    const cube = reader.value.cube('1');
    if (!cube.ok) throw new Error(cube.error.code);
    const { cellCount, count, flags } = cube.value;
    let inCells = 0;
    for (let cell = 0; cell < cellCount; cell++) if ((flags[cell]! & MULTI) !== 0) inCells += count[cell]!;
    expect(inCells).toBe(2 + versions);
    const inRows: string[] = [];
    const scanned = reader.value.scan('1', { from: 0, to: cube.value.tree.count }, (block) => {
      for (let i = 0; i < block.rows; i++) if ((block.cubeFlags[i]! & MULTI) !== 0) inRows.push(block.name(i));
    });
    expect(scanned.ok).toBe(true);
    expect(inRows.join('')).toBe(`bb${'d'.repeat(versions)}`);
  });
});
