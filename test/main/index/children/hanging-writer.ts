import { BatchBuilder } from '../../../../src/core/inventory/batch-builder.ts';
import { openIndexWriter } from '../../../../src/main/index/writer.ts';
import { batchOf, META, RESOURCES, row } from '../../../support/index-rows.ts';

/** Opens a writer, takes rows in, says so and waits to be killed. */
const writer = await openIndexWriter(process.argv[2] as string, RESOURCES);
if (!writer.ok) throw new Error(writer.error.code);
const builder = writer.value.begin(META);
const batches = new BatchBuilder();
for (let batch = 0; batch < 7; batch++) {
  const rows = Array.from({ length: 10_000 }, (_, i) => row(`a/${batch * 10_000 + i}`));
  const added = builder.add(batchOf(rows, batches));
  if (!added.ok) throw new Error(added.error.code);
}
process.stdout.write('ready\n');
setInterval(() => undefined, 1000);
