import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { KIB, SAMPLE_AS_OF_MS, type SampleCheckpoint, type SampleRow } from './rows.ts';

/** What no usual keep policy holds, as the generator knows it: by how it made its runs, not by their keys. */
export interface StaleCheckpoints {
  checkpoints: number;
  versions: number;
  bytes: number;
  /** Bytes that S3 bills a month of, by the class whose price they have (s3-domain 2.2). */
  readonly billedBytes: Record<string, number>;
}

/** The usual policy: the last so many of a run, and what was written in so many days. */
const LAST = 2;
const GRACE_DAYS = 30;

/** A checkpoint that lies there whole. */
export interface WholeCheckpoint {
  readonly rows: readonly SampleRow[];
  readonly lastWriteMs: number;
}

/** Follows the current rows of runs, which come run by run. */
export class StaleTruth {
  readonly found: StaleCheckpoints = { checkpoints: 0, versions: 0, bytes: 0, billedBytes: {} };
  private run = '';
  private readonly rows = new Map<SampleCheckpoint, SampleRow[]>();
  private readonly isRead: (checkpoint: WholeCheckpoint) => boolean;

  /** `isRead` is asked for every one that nothing else holds. */
  constructor(isRead: (checkpoint: WholeCheckpoint) => boolean) {
    this.isRead = isRead;
  }

  see(row: SampleRow): void {
    const { checkpoint } = row;
    if (checkpoint === undefined || !row.isLatest || row.isDeleteMarker) return;
    if (checkpoint.run !== this.run) this.finish();
    this.run = checkpoint.run;
    const own = this.rows.get(checkpoint);
    if (own) own.push(row);
    else this.rows.set(checkpoint, [row]);
  }

  finish(): void {
    const whole = [...this.rows]
      .filter(([{ objects, place }, rows]) => place !== null && rows.length === objects)
      .sort(([a], [b]) => (a.place ?? 0) - (b.place ?? 0))
      .map(([, rows]): WholeCheckpoint => ({ rows, lastWriteMs: Math.max(...rows.map(({ lastModifiedMs }) => lastModifiedMs)) }));
    this.rows.clear();
    for (const checkpoint of whole.slice(0, -LAST)) {
      if (SAMPLE_AS_OF_MS - checkpoint.lastWriteMs < GRACE_DAYS * DAY_MS || this.isRead(checkpoint)) continue;
      this.found.checkpoints += 1;
      for (const row of checkpoint.rows) this.count(row);
    }
  }

  private count({ sizeBytes, storageClass }: SampleRow): void {
    this.found.versions += 1;
    this.found.bytes += sizeBytes;
    const isArchive = storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
    const hasLeast = storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA' || storageClass === 'GLACIER_IR';
    this.bill(storageClass, isArchive ? sizeBytes + 32 * KIB : hasLeast ? Math.max(sizeBytes, SMALL_OBJECT_BYTES) : sizeBytes);
    if (isArchive) this.bill('STANDARD', 8 * KIB);
  }

  private bill(storageClass: string, bytes: number): void {
    this.found.billedBytes[storageClass] = (this.found.billedBytes[storageClass] ?? 0) + bytes;
  }
}
