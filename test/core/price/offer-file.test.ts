import { describe, expect, test } from 'vitest';
import { readOffers } from '../../../src/core/price/offer-file.ts';
import { parsePriceBook } from '../../../src/core/price/price-book.ts';
import { type OfferLine, offerFile, offerLines } from '../../support/offer-files.ts';
import { shippedPrices } from '../../support/prices.ts';

function offers(region: string, prefix: string, change: (lines: OfferLine[]) => OfferLine[] = (lines) => lines) {
  const { s3, deepArchive } = offerLines(region);
  return [offerFile('AmazonS3', region, prefix, change(s3)), offerFile('AmazonS3GlacierDeepArchive', region, prefix, change(deepArchive))];
}
const must = (files: readonly unknown[]) => {
  const read = readOffers(files);
  if (!read.ok) throw new Error(read.error.message);
  const book = parsePriceBook(read.value.file);
  if (!book.ok) throw new Error(book.error.message);
  return { ...read.value, list: book.value.regions.get(read.value.region)! };
};
const refusal = (files: readonly unknown[]): string => {
  const read = readOffers(files);
  if (read.ok) throw new Error('it was taken over');
  expect(read.error.code).toBe('PriceMissing');
  return read.error.message;
};

test.each([
  ['us-east-1', ''],
  ['eu-west-1', 'EU-'],
  ['ap-southeast-2', 'APS2-'],
  ['sa-east-1', 'SAE1-'],
])('success-the prices of %s come out as they went in', (region, prefix) => {
  const { list, asOf, region: found } = must(offers(region, prefix));
  expect([found, asOf]).toEqual([region, '2026-11-20']);
  const shipped = shippedPrices(region);
  for (const [name, price] of list.classes) expect([name, price]).toEqual([name, shipped.classes.get(name)]);
  expect(list.classes.size).toBe(7);
});

const repriced = (usage: string, usd: string, operation?: string) => (lines: OfferLine[]) =>
  lines.map((line) =>
    line.usage === usage && (operation === undefined || line.operation === operation)
      ? { ...line, bands: [['0', 'Inf', usd] as const] }
      : line,
  );

describe('what does not look like S3 is refused', () => {
  test.each<[string, (lines: OfferLine[]) => OfferLine[], RegExp]>([
    ['refuse-infrequent-dearer-than-standard', repriced('TimedStorage-SIA-ByteHrs', '0.03'), /STANDARD is not dearer/],
    ['refuse-instant-dearer-than-infrequent', repriced('TimedStorage-GIR-ByteHrs', '0.02'), /STANDARD_IA is not dearer/],
    ['refuse-flexible-dearer-than-instant', repriced('TimedStorage-GlacierByteHrs', '0.005'), /GLACIER_IR is cheaper/],
    ['refuse-deep-archive-of-the-staging-price', repriced('TimedStorage-GDA-ByteHrs', '0.021'), /GLACIER is not dearer/],
    ['refuse-a-price-of-nothing', repriced('TimedStorage-ZIA-ByteHrs', '0.0000000000'), /ONEZONE_IA has no storage price/],
    ['refuse-a-put-below-a-get', repriced('Requests-Tier1', '0.0000000001'), /PUT of STANDARD/],
    ['refuse-a-missing-class', (lines) => lines.filter(({ usage }) => usage !== 'TimedStorage-ZIA-ByteHrs'), /ONEZONE_IA/],
    ['refuse-a-missing-standard', (lines) => lines.filter(({ family }) => family === undefined), /STANDARD/],
    [
      'refuse-two-prices',
      (lines) => [...lines, { usage: 'TimedStorage-SIA-ByteHrs', bands: [['0', 'Inf', '0.01']] }],
      /more than one price/,
    ],
    ['refuse-more-digits-than-can-be-kept', repriced('TimedStorage-SIA-ByteHrs', '0.01250000001'), /nano-dollar/],
    ['refuse-words-for-a-price', repriced('TimedStorage-SIA-ByteHrs', 'free'), /not a price/],
  ])('%s', (_name, change, words) => expect(refusal(offers('us-east-1', '', change))).toMatch(words));

  test('refuse-without-the-second-file', () => {
    const [s3] = offers('us-east-1', '');
    expect(refusal([s3])).toContain('AmazonS3GlacierDeepArchive is missing');
  });
  test('refuse-another-service', () => expect(refusal([offerFile('AmazonGlacier', 'us-east-1', '', [])])).toContain('AmazonGlacier'));
  test('refuse-no-offer-file', () => expect(refusal([{ schema: 'else' }])).toContain('not one of'));
  test('refuse-the-file-of-all-regions', () => {
    const { s3, deepArchive } = offerLines('us-east-1');
    const two = [
      ...s3,
      {
        usage: 'EU-TimedStorage-ByteHrs',
        family: 'Storage',
        more: { volumeType: 'Standard', storageClass: 'General Purpose', regionCode: 'eu-west-1' },
        bands: [['0', 'Inf', '0.023'] as const],
      },
    ];
    expect(
      refusal([offerFile('AmazonS3', 'us-east-1', '', two), offerFile('AmazonS3GlacierDeepArchive', 'us-east-1', '', deepArchive)]),
    ).toContain('several regions');
  });
});
