import { readdirSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { answer, bareEnvironment, failure, scratch } from '../../support/command-line.ts';
import { offerFile, offerLines } from '../../support/offer-files.ts';

const folder = scratch('prices');
const environment = bareEnvironment(folder.path('home'));
afterAll(folder.remove);

interface Listed {
  readonly region: string;
  readonly name: string;
  readonly asOf: string;
  readonly origin: string;
}
const listed = async (region: string): Promise<Listed | undefined> =>
  (await answer<Listed[]>(['prices', 'list'], environment)).find((list) => list.region === region);

/** Offer files with the prices of eu-west-1, STANDARD at another price. */
function offers(standardUsd: string): string[] {
  const { s3, deepArchive } = offerLines('eu-west-1');
  const changed = s3.map((line) => (line.family === undefined ? line : { ...line, bands: [['0', 'Inf', standardUsd] as const] }));
  return [['AmazonS3', changed] as const, ['AmazonS3GlacierDeepArchive', deepArchive] as const].map(([code, lines]) => {
    const file = folder.path(`${code}.json`);
    writeFileSync(file, JSON.stringify(offerFile(code, 'eu-west-1', 'EU-', lines)));
    return file;
  });
}

test('an imported list counts for its region until it is forgotten, and one that is off changes nothing', async () => {
  expect(await listed('eu-west-1')).toMatchObject({ name: 'EU (Ireland)', origin: 'shipped' });
  expect(await answer(['prices', 'import', ...offers('0.05')], environment)).toMatchObject({ region: 'eu-west-1', asOf: '2026-11-20' });
  expect(await listed('eu-west-1')).toEqual({ region: 'eu-west-1', name: 'EU (Ireland)', asOf: '2026-11-20', origin: 'imported' });

  const refused = await failure(['prices', 'import', ...offers('0.001')], environment);
  expect(refused).toMatchObject({ status: 3, error: { code: 'PriceMissing' } });
  expect(await listed('eu-west-1')).toMatchObject({ origin: 'imported' });
  expect(readdirSync(folder.path('home', 'data', 'prices'))).toEqual(['eu-west-1.json']);

  expect(await answer(['prices', 'forget', 'eu-west-1'], environment)).toEqual({ region: 'eu-west-1' });
  expect(await listed('eu-west-1')).toMatchObject({ origin: 'shipped' });
  expect((await failure(['prices', 'forget', 'eu-west-1'], environment)).error.code).toBe('RegionUnknown');
});

test.each([
  ['nothing to import', ['prices', 'import']],
  ['another word', ['prices', 'buy']],
])('refuse-%s', async (_name, args) => expect((await failure(args, environment)).status).toBe(2));

test('refuse-a file that is not there', async () => {
  expect((await failure(['prices', 'import', folder.path('absent.json')], environment)).error).toMatchObject({
    code: 'FileUnreadable',
    file: folder.path('absent.json'),
  });
});
