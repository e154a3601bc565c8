import { grown } from '../cube/growable.ts';

/** No unit, no group. */
export const NO_UNIT = -1;

/**
 * The units of one snapshot, column by column. A unit is what is kept or deleted whole. Its keys are exactly those that
 * `unitOf` of the pass gives it; another unit may lie inside its directory.
 */
export class UnitTable {
  count = 0;
  /** Rule (classifier's and overrides' numbers) that found it. */
  rule = new Uint8Array(64);
  /** Index into KINDS. */
  kind = new Uint8Array(64);
  /** Pre-order directory: the unit's own, or the one its keys lie in. */
  directory = new Uint32Array(64);
  /** "" for a whole directory, else what its names begin with; "#12" for names that hold the number 12. */
  readonly stem: string[] = [];
  /** Current keys (delete markers hide a key), and all versions. */
  files = new Float64Array(64);
  versions = new Float64Array(64);
  bytes = new Float64Array(64);
  currentBytes = new Float64Array(64);
  deleteMarkers = new Float64Array(64);
  /** Bytes of current keys that are text as it is. */
  textBytes = new Float64Array(64);
  /** Milliseconds of the first and last write of current keys, else of any version; NaN where there is neither. */
  firstWriteMs = new Float64Array(64);
  lastWriteMs = new Float64Array(64);
  /** The same over all versions, for what has nothing current. */
  private lastAnyMs = new Float64Array(64);

  add(rule: number, kind: number, directory: number, stem: string): number {
    const unit = this.count++;
    if (this.count > this.rule.length) this.grow();
    this.rule[unit] = rule;
    this.kind[unit] = kind;
    this.directory[unit] = directory;
    this.stem[unit] = stem;
    this.firstWriteMs[unit] = Number.NaN;
    this.lastWriteMs[unit] = Number.NaN;
    this.lastAnyMs[unit] = Number.NaN;
    return unit;
  }

  /** Counts one row. `isCurrent`: the latest version of its key and no delete marker. */
  see(unit: number, isCurrent: boolean, isMarker: boolean, sizeBytes: number, lastModifiedMs: number): void {
    if (isMarker) {
      this.deleteMarkers[unit] = (this.deleteMarkers[unit] as number) + 1;
      return;
    }
    this.versions[unit] = (this.versions[unit] as number) + 1;
    this.bytes[unit] = (this.bytes[unit] as number) + sizeBytes;
    if (!((this.lastAnyMs[unit] as number) >= lastModifiedMs)) this.lastAnyMs[unit] = lastModifiedMs;
    if (!isCurrent) return;
    this.files[unit] = (this.files[unit] as number) + 1;
    this.currentBytes[unit] = (this.currentBytes[unit] as number) + sizeBytes;
    if (!((this.firstWriteMs[unit] as number) <= lastModifiedMs)) this.firstWriteMs[unit] = lastModifiedMs;
    if (!((this.lastWriteMs[unit] as number) >= lastModifiedMs)) this.lastWriteMs[unit] = lastModifiedMs;
  }

  seeText(unit: number, sizeBytes: number): void {
    this.textBytes[unit] = (this.textBytes[unit] as number) + sizeBytes;
  }

  /** After all rows: what has nothing current tells when it was last written at all. */
  settle(): void {
    for (let unit = 0; unit < this.count; unit++) {
      if (Number.isNaN(this.lastWriteMs[unit] as number)) this.lastWriteMs[unit] = this.lastAnyMs[unit] as number;
      if (Number.isNaN(this.firstWriteMs[unit] as number)) this.firstWriteMs[unit] = this.lastAnyMs[unit] as number;
    }
  }

  private grow(): void {
    this.rule = grown(this.rule, this.count);
    this.kind = grown(this.kind, this.count);
    this.directory = grown(this.directory, this.count);
    this.files = grown(this.files, this.count);
    this.versions = grown(this.versions, this.count);
    this.bytes = grown(this.bytes, this.count);
    this.currentBytes = grown(this.currentBytes, this.count);
    this.deleteMarkers = grown(this.deleteMarkers, this.count);
    this.textBytes = grown(this.textBytes, this.count);
    this.firstWriteMs = grown(this.firstWriteMs, this.count);
    this.lastWriteMs = grown(this.lastWriteMs, this.count);
    this.lastAnyMs = grown(this.lastAnyMs, this.count);
  }
}
