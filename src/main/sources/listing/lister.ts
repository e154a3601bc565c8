import { appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { encodeUtf8 } from '../../../core/cube/utf8.ts';
import type { BatchBuilder } from '../../../core/inventory/batch-builder.ts';
import { sliceBatch } from '../../../core/inventory/batch-slice.ts';
import type { RowBatch } from '../../../core/inventory/row-batch.ts';
import { KeyRanges, ListingFault, type PageRequest } from '../../../core/listing/key-ranges.ts';
import { createListPageReader, type ListPage, type ListPageReader } from '../../../core/listing/list-page.ts';
import { encodePage } from '../../../core/listing/page-record.ts';
import { type Covered, cutGaps, gapsBetween } from '../../../core/listing/position.ts';
import { pastPrefix } from '../../../core/listing/split-points.ts';
import type { S3Connection } from '../../s3/client.ts';
import { isRightMissing } from '../../s3/errors.ts';
import { cancelled } from '../cancelled.ts';
import type { Journal } from './journal.ts';
import { type ListCall, operationOf, sendList } from './list-call.ts';
import { decodedMarker } from './markers.ts';
import { Outcomes } from './outcomes.ts';
import type { Patience } from './patience.ts';

export interface ListerOptions {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly byVersion: boolean;
  /** Made for LISTED_DETAILS; its classes are those of the whole source. */
  readonly builder: BatchBuilder;
  readonly journal: Journal | null;
  /** Keys that were spread evenly when the bucket was last listed: good places to begin at. */
  readonly hints: readonly Uint8Array[];
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onBatch: (batch: RowBatch) => Result<void>;
  /** After every answer: rows so far, and calls under way. */
  readonly onProgress: (rows: number, inFlight: number) => void;
}

/** Everything below one prefix, listed together. */
interface Unit {
  readonly prefix: string;
  readonly ranges: KeyRanges;
  hasAnswered: boolean;
}

interface Outcome {
  readonly unit: Unit;
  readonly request: PageRequest;
  readonly answer: Result<Uint8Array>;
}

/** A page that failed this often in a row for itself, while others came, will not come. */
const TRIES_OF_A_PAGE = 12;

/** Lists prefixes of one bucket, many calls at a time. A prefix that may not be listed is given back, not failed. */
export class Lister {
  rows = 0;
  /** Whether the server was seen to list keys in no order. */
  isUnordered = false;
  private readonly options: ListerOptions;
  private readonly reader: ListPageReader;
  private readonly outcomes = new Outcomes<Outcome>();
  private readonly done = new AbortController();
  private readonly signal: AbortSignal;
  private readonly tries = new WeakMap<object, number>();
  private units: Unit[] = [];
  private inFlight = 0;

  constructor(options: ListerOptions) {
    this.options = options;
    this.reader = createListPageReader(options.builder);
    this.signal = AbortSignal.any([options.signal, this.done.signal]);
  }

  /** Lists everything that begins with these prefixes, but for what is covered already; the prefixes that were refused whole. */
  async list(prefixes: readonly { readonly prefix: string; readonly covered: readonly Covered[] }[]): Promise<Result<string[]>> {
    this.units = prefixes.map(({ prefix, covered }) => this.unitOf(prefix, covered));
    const refused: string[] = [];
    const { patience } = this.options;
    for (;;) {
      if (this.options.signal.aborted) return err(cancelled());
      this.units = this.units.filter(({ ranges }) => !ranges.isDone);
      if (this.units.length === 0) return ok(refused);
      this.send();
      for (const outcome of await this.outcomes.take(patience.limit.waitMs(performance.now()) || Number.POSITIVE_INFINITY)) {
        this.inFlight--;
        const taken = this.settle(outcome, refused);
        if (!taken.ok) return taken;
      }
      this.options.onProgress(this.rows, this.inFlight);
    }
  }

  /** Ends every call under way. */
  close(): void {
    this.done.abort();
  }

  private unitOf(prefix: string, covered: readonly Covered[]): Unit {
    const { byVersion } = this.options;
    const end = pastPrefix(prefix);
    const gaps = gapsBetween(covered, end === undefined ? null : encodeUtf8(end));
    if (gaps === null) throw new Error('the journal was not looked through');
    return {
      prefix,
      ranges: new KeyRanges(cutGaps(gaps, this.options.hints), { byVersion, canSplit: true }),
      hasAnswered: covered.length > 0,
    };
  }

  private send(): void {
    let room = this.options.patience.limit.room(this.inFlight, performance.now());
    for (const unit of this.units) {
      for (const request of unit.ranges.plan(room)) {
        room--;
        this.inFlight++;
        const call = this.callOf(unit, request);
        this.outcomes.follow(sendList(this.options.connection, call, this.signal).then((answer) => ({ unit, request, answer })));
      }
      if (room <= 0) break;
    }
  }

  private callOf({ prefix }: Unit, { startAfter, versionId, cursor }: PageRequest): ListCall {
    const { bucket, byVersion } = this.options;
    const from = Buffer.from(startAfter).toString('utf8');
    if (cursor === undefined) return { bucket, prefix, byVersion, startAfter: from, versionId: versionId ?? undefined };
    if (!byVersion) return { bucket, prefix, byVersion, startAfter: from, token: cursor };
    const [key, version] = JSON.parse(cursor) as [string, string | null];
    return { bucket, prefix, byVersion, startAfter: key, versionId: version ?? undefined };
  }

  private settle({ unit, request, answer }: Outcome, refused: string[]): Result<void> {
    const { patience } = this.options;
    if (!this.units.includes(unit)) return ok(undefined);
    if (answer.ok && !unit.ranges.isWanted(request)) {
      patience.answered();
      unit.ranges.failed(request);
      return ok(undefined);
    }
    const page = answer.ok ? this.read(answer.value) : answer;
    if (page.ok) {
      patience.answered();
      unit.hasAnswered = true;
      if (request.range !== null) this.tries.delete(request.range);
      return this.take(unit, request, page.value);
    }
    if (!unit.hasAnswered && isRightMissing(page.error)) {
      refused.push(unit.prefix);
      this.units = this.units.filter((other) => other !== unit);
      return ok(undefined);
    }
    unit.ranges.failed(request);
    const tries = request.range === null || page.error.code === 'Throttled' ? 0 : (this.tries.get(request.range) ?? 0) + 1;
    if (request.range !== null) this.tries.set(request.range, tries);
    return patience.forgives(page.error) && tries < TRIES_OF_A_PAGE ? ok(undefined) : page;
  }

  private read(body: Uint8Array): Result<ListPage> {
    this.options.builder.clear();
    return this.reader.read(body, `${operationOf(this.options)} on bucket "${this.options.bucket}"`);
  }

  private take(unit: Unit, request: PageRequest, page: ListPage): Result<void> {
    const { builder, journal, onBatch } = this.options;
    const batch = builder.batch();
    if (!page.isOrdered) return this.fault('out of order');
    try {
      const taken = unit.ranges.answered(request, {
        keys: batch,
        versionIdOf: (row) => versionIdOf(batch, row),
        isTruncated: page.isTruncated,
        cursor: this.cursorOf(page),
      });
      if (taken === null) return ok(undefined);
      const rows = sliceBatch(batch, taken.from, taken.to);
      const kept = journal?.append(encodePage({ prefix: unit.prefix, covered: taken.covered }, rows)) ?? ok(undefined);
      if (!kept.ok) return kept;
      this.rows += rows.rows;
      return rows.rows === 0 ? ok(undefined) : onBatch(rows);
    } catch (cause) {
      if (cause instanceof ListingFault) return this.fault(cause.kind);
      throw cause;
    }
  }

  /** Where the server says that it goes on. */
  private cursorOf(page: ListPage): string | undefined {
    if (!this.options.byVersion) return page.nextToken;
    const key = decodedMarker(page.nextKeyMarker, page.lastRawKey, page.isEncoded);
    return key === undefined ? undefined : JSON.stringify([key, page.nextVersionIdMarker ?? null]);
  }

  private fault(kind: ListingFault['kind']): Result<never> {
    const { bucket, byVersion } = this.options;
    this.isUnordered = kind === 'out of order';
    const words = kind === 'out of order' ? 'does not list keys in their order' : 'says that there is more but not where to go on';
    return err(
      appError('RemoteFailed', `${operationOf({ byVersion })} on bucket "${bucket}" ${words}.`, {
        next: 'Try again, or use an inventory report of this bucket.',
      }),
    );
  }
}

function versionIdOf(batch: RowBatch, row: number): string {
  const id = Buffer.from(batch.versionIdBytes.subarray(batch.versionIdStart[row], batch.versionIdStart[row + 1])).toString('latin1');
  return id === '' ? 'null' : id;
}
