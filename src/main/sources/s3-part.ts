import type { ManifestPart } from '../../core/inventory/manifest.ts';
import { serviceCode } from '../s3/errors.ts';
import { getObject, type ObjectPlace, objectBytes, objectChunks } from './s3-object.ts';
import type { PieceSource } from './s3-pieces.ts';

type Opened = Awaited<ReturnType<typeof getObject>>;
interface Found {
  readonly place: ObjectPlace;
  readonly first: Opened;
}

/** Raised where the data file lies in none of its places. */
export class NoSuchPart extends Error {}

/** One data file of a report in a bucket, wherever it lies; its ETag holds all reads of it together. */
export class S3Part implements PieceSource {
  readonly sizeBytes: number;
  private readonly places: () => AsyncIterable<ObjectPlace>;
  private found: Promise<Found> | undefined;
  private isFirstTaken = false;

  /** `places` are tried in their order, each only when it is its turn. */
  constructor(part: ManifestPart, places: () => AsyncIterable<ObjectPlace>) {
    this.sizeBytes = part.sizeBytes;
    this.places = places;
  }

  /** Finds the file and opens its first piece. Throws NoSuchPart, or what the SDK throws. */
  find(to: number, signal: AbortSignal): Promise<Found> {
    this.found ??= this.search(to, signal);
    return this.found;
  }

  async fetch(from: number, to: number, signal: AbortSignal): Promise<Uint8Array> {
    const found = this.find(to, signal);
    const isFirst = from === 0 && !this.isFirstTaken;
    if (isFirst) this.isFirstTaken = true;
    const { place, first } = await found;
    if (isFirst) return objectBytes(place, first, signal, { from, to });
    const opened = await getObject(place, signal, { from, to }, first.etag);
    return objectBytes(place, opened, signal, { from, to });
  }

  /** What lies behind the size the manifest promises. */
  async *rest(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { place, first } = await this.find(this.sizeBytes, signal);
    if (first.sizeBytes !== undefined && first.sizeBytes <= this.sizeBytes) return;
    const range = { from: this.sizeBytes };
    yield* objectChunks(place, await getObject(place, signal, range, first.etag), signal, range);
  }

  private async search(to: number, signal: AbortSignal): Promise<Found> {
    for await (const place of this.places()) {
      try {
        return { place, first: await getObject(place, signal, { from: 0, to }) };
      } catch (error) {
        if (serviceCode(error) !== 'NoSuchKey') throw error;
      }
    }
    throw new NoSuchPart();
  }
}
