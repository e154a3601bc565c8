import { openIndexWriter } from '../../../../src/main/index/writer.ts';
import { batchOf, META, RESOURCES, row } from '../../../support/index-rows.ts';

/** Opens a writer, takes rows in, says so and waits to be killed. */
const writer = await openIndexWriter(process.argv[2] as string, RESOURCES);
if (!writer.ok) throw new Error(writer.error.code);
const builder = writer.value.begin(META);
const added = builder.add(
  batchOf(
    Array.from({ length: 70_000 }, (_, i) => row(`a/${i}`)),
    [],
  ),
);
if (!added.ok) throw new Error(added.error.code);
process.stdout.write('ready\n');
setInterval(() => undefined, 1000);
