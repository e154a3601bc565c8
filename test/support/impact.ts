import type { Impact } from '../../src/contract/impact.ts';
import type { RowBlock } from '../../src/core/cube/row-block.ts';
import { ImpactCounter } from '../../src/core/impact/counter.ts';
import { impactOf } from '../../src/core/impact/report.ts';
import type { OpenUpload } from '../../src/core/impact/uploads.ts';
import type { Compared } from '../../src/core/impact/worlds.ts';
import type { PriceList } from '../../src/core/price/price-book.ts';
import type { OracleKey } from '../../src/core/simulate/oracle/oracle.ts';
import { memorySnapshot } from './memory-snapshot.ts';

export interface ImpactOverKeys extends Compared {
  readonly keys: readonly OracleKey[];
  readonly uploads?: readonly OpenUpload[];
  readonly daysUntilDay: number;
  readonly list: PriceList;
  readonly unitOf?: (key: string) => number;
}

/** What the counter makes of keys in memory. */
export function impactOverKeys({ keys, uploads = [], daysUntilDay, list, unitOf = () => -1, ...compared }: ImpactOverKeys): Impact {
  const snapshot = memorySnapshot(keys, compared.asOfDay * 86_400_000);
  const counter = new ImpactCounter(snapshot.cube, compared);
  const whole = { from: 0, to: snapshot.cube.tree.count };
  const withUnits = (block: RowBlock): RowBlock => ({
    ...block,
    unit: Int32Array.from({ length: block.rows }, (_, row) =>
      unitOf(`${snapshot.cube.tree.path(block.directory[row]!)}${block.name(row)}`),
    ),
  });
  snapshot.scan(whole, (block) => counter.addSingles(withUnits(block)));
  for (const block of snapshot.readStacks([whole])) counter.addStacks(withUnits(block));
  for (const upload of uploads) counter.addUpload(upload);
  return impactOf(counter, { list, daysUntilDay, notCovered: [] });
}
