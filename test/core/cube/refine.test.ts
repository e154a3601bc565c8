import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cube } from '../../../src/core/cube/cube.ts';
import { prefixScope } from '../../../src/core/cube/prefix.ts';
import { NO_REFINEMENT } from '../../../src/core/cube/refine.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { inFolder, row, writeIndex } from '../../support/index-rows.ts';

const KEYS = ['a/train-1', 'a/train-2', 'a/trainer', 'a/test', 'a/train/x', 'a/training/y', 'a/z/w', 'b', 'train-9'];

/** Keys and bytes under some cells, each key a power of two so that a sum names its keys. */
const rows = KEYS.map((key, i) => row(key, { sizeBytes: 2 ** i }));
const sum = (keys: readonly string[]): number => keys.reduce((total, key) => total + 2 ** KEYS.indexOf(key), 0);

async function withCube(
  use: (cube: Cube, refine: (prefixes: string[]) => { cube: Cube; matches: readonly Uint8Array[] }) => void,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, rows);
    const reader = openIndex(path);
    if (!reader.ok) throw new Error(reader.error.code);
    const cube = reader.value.cube('1');
    if (!cube.ok) throw new Error(cube.error.code);
    use(cube.value, (prefixes) => {
      const cuts = prefixes.map((prefix) => prefixScope(cube.value.tree, prefix)?.cut).filter((cut) => cut !== null && cut !== undefined);
      const refined = reader.value.refine('1', cube.value, { ...NO_REFINEMENT, namePrefixes: cuts });
      if (!refined.ok) throw new Error(refined.error.code);
      return refined.value;
    });
  });
}

const bytesWhere = (cube: Cube, holds: (cell: number) => boolean): number =>
  cube.bytes.reduce((total, bytes, cell) => (holds(cell) ? total + bytes : total), 0);

test('cells split by nested name prefixes tell which names each covers, and lose nothing', async () => {
  await withCube((cube, refine) => {
    const refined = refine(['a/train', 'a/train-', 'a/trainer', 'b', 'a/nothing']);
    const under = (index: number): number => bytesWhere(refined.cube, (cell) => refined.matches[index]?.[cell] === 1);
    expect(under(0)).toBe(sum(['a/train-1', 'a/train-2', 'a/trainer']));
    expect(under(1)).toBe(sum(['a/train-1', 'a/train-2']));
    expect(under(2)).toBe(sum(['a/trainer']));
    expect(under(3)).toBe(sum(['b']));
    expect(under(4)).toBe(0);
    expect(bytesWhere(refined.cube, () => true)).toBe(sum(KEYS));
    for (let d = 0; d < cube.tree.count; d++) {
      const of = (one: Cube): number => bytesWhere(one, (cell) => one.directory[cell] === d);
      expect(of(refined.cube)).toBe(of(cube));
      const cells = Array.from(refined.cube.directory.subarray(refined.cube.cellStart[d], refined.cube.cellStart[d + 1]));
      expect(cells.every((directory) => directory === d)).toBe(true);
    }
  });
});

test('nothing to split gives the cube as it was', async () => {
  await withCube((cube, refine) => {
    const refined = refine([]);
    expect(refined.matches).toEqual([]);
    expect(refined.cube).toEqual(cube);
  });
});

test('a prefix that ends inside a name covers the directories whose names go on from it', async () => {
  await withCube(({ tree }) => {
    const scope = prefixScope(tree, 'a/train');
    const covered = Array.from({ length: (scope?.to ?? 0) - (scope?.from ?? 0) }, (_, i) => tree.path((scope?.from ?? 0) + i));
    expect(covered).toEqual(['a/train/', 'a/training/']);
    expect(prefixScope(tree, 'nowhere/x')).toBeNull();
    expect(prefixScope(tree, '')).toEqual({ from: 0, to: tree.count, cut: null });
  });
});
