import type { Snapshot } from '../../contract/index-views.ts';
import type { OwnerDimension, OwnersFile } from '../../contract/owners.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { MARKER, Sums } from '../../core/cube/group.ts';
import { pickCells } from '../../core/cube/pick.ts';
import type { RefinedCube } from '../../core/cube/refine.ts';
import type { DirectoryRange, RowBlock } from '../../core/cube/row-block.ts';
import { pickRows } from '../../core/cube/stacks.ts';
import { type Outlook, outlookRequest, type ProjectionInput, projectionOf } from '../../core/forecast/project.ts';
import type { Reading } from '../../core/forecast/reading.ts';
import { type OwnedCells, type Owner, ownerOfKey, ownerRefinement, ownersOfCells } from '../../core/owners/assign.ts';
import { dayOf } from '../../core/report/format.ts';
import { cubeRefinement } from '../../core/simulate/cube/engine.ts';
import type { IndexReader } from '../index/reader.ts';
import { openView, type View } from '../index/views/view.ts';
import type { PricePlaces } from '../prices.ts';

export interface Ownership {
  readonly file: OwnersFile;
  readonly base: Owner;
  readonly by: OwnerDimension;
}

/** What a snapshot says of one owner, or of everything. */
export interface OwnReading {
  readonly reading: Reading;
  /** Nano-USD of the rules' own fees by day from the snapshot's on. */
  readonly fees: readonly number[];
  readonly monthlyNanoUsd: bigint;
}

/** Everything together, and owners by name; null is nobody. */
export interface SnapshotReadings {
  readonly view: View;
  readonly everything: OwnReading;
  readonly owners: ReadonlyMap<string | null, OwnReading>;
}

export interface ReadingOrder {
  readonly index: string;
  readonly ownership: Ownership;
  readonly outlook: Outlook;
  readonly places: PricePlaces;
}

/** How many days are asked for: what is there alone, from the snapshot's day on, and with new data, or 0. */
export interface ReadingDays {
  readonly kept: number;
  readonly ahead: number;
}

/** What a snapshot says of everything and of every owner. */
export async function readingsOf(
  order: ReadingOrder,
  { snapshotId, asOf }: Snapshot,
  days: ReadingDays,
): Promise<Result<SnapshotReadings>> {
  const { index, ownership, outlook, places } = order;
  const view = await openView({ index, snapshotId, region: outlook.list.region }, places);
  if (!view.ok) return view;
  const { reader, cube, price } = view.value;
  const asOfDay = dayOf(Date.parse(asOf));
  const keptRequest = outlookRequest(outlook, asOfDay, days.kept, 0);
  const aheadRequest = outlookRequest(outlook, asOfDay, Math.max(1, days.ahead));
  const owners = ownerRefinement(cube.tree, ownership.file);
  const forRules = cubeRefinement(cube, aheadRequest);
  const refined = reader.refine(snapshotId, cube, { ...forRules, namePrefixes: [...forRules.namePrefixes, ...owners.namePrefixes] });
  if (!refined.ok) return refined;
  const whose = new Whose(refined.value, ownership);
  const stacks = new StackReader(reader, snapshotId);
  const readingFor = (sums: Sums, input: ProjectionInput): OwnReading => {
    const { storage: kept } = projectionOf(input, keptRequest);
    const { storage: daily, fees } = days.ahead === 0 ? { storage: [], fees: [] } : projectionOf(input, aheadRequest);
    const { versions, totalBytes: bytes } = sums;
    return {
      reading: { day: asOfDay, at: Date.parse(asOf) / DAY_MS, versions, bytes, kept, daily },
      fees,
      monthlyNanoUsd: price.charge(sums),
    };
  };
  const everything = readingFor(price.total, { cube: refined.value, readStacks: (ranges) => stacks.read(ranges, null) });
  const own = [...whose.sums()].map(([name, sums]): [string | null, OwnReading] => {
    const cells = pickCells(refined.value, (cell) => whose.ofCell(cell) === name);
    const readStacks = (ranges: readonly DirectoryRange[]) => stacks.read(ranges, (block, row) => whose.ofRow(block, row) === name);
    return [name, readingFor(sums, { cube: cells, readStacks })];
  });
  return stacks.failed.ok ? ok({ view: view.value, everything, owners: new Map(own) }) : stacks.failed;
}

/** Whose the cells and the keys of a snapshot are, by one field of the owner. */
class Whose {
  private readonly refined: RefinedCube;
  private readonly ownership: Ownership;
  private readonly owned: OwnedCells;
  private readonly nameOf: readonly (string | null)[];
  private readonly cutDirectories: ReadonlySet<number>;

  constructor(refined: RefinedCube, ownership: Ownership) {
    this.refined = refined;
    this.ownership = ownership;
    this.owned = ownersOfCells(refined, ownership.file, ownership.base);
    this.nameOf = this.owned.owners.map((owner) => owner[ownership.by]);
    this.cutDirectories = new Set(refined.refinement.namePrefixes.map(({ directory }) => directory));
  }

  /** What there is by name. */
  sums(): Map<string | null, Sums> {
    const { cube } = this.refined;
    const byName = new Map<string | null, Sums>();
    for (let cell = 0; cell < cube.cellCount; cell += 1) {
      if (cube.state[cell] === MARKER) continue;
      const name = this.ofCell(cell);
      let sums = byName.get(name);
      if (sums === undefined) {
        sums = new Sums(cube.classes.length);
        byName.set(name, sums);
      }
      sums.add(cube.classId[cell] as number, cube.isSmall[cell] as number, cube.count[cell] as number, cube.bytes[cell] as number);
    }
    return byName;
  }

  ofCell(cell: number): string | null {
    return this.nameOf[this.owned.ofCell[cell] as number] ?? null;
  }

  /** Only a directory whose names a prefix cuts through can have more than one owner. */
  ofRow(block: RowBlock, row: number): string | null {
    const directory = block.directory[row] as number;
    const { cube } = this.refined;
    if (!this.cutDirectories.has(directory)) return this.ofCell(cube.cellStart[directory] as number);
    const { file, base, by } = this.ownership;
    return ownerOfKey(cube.tree.path(directory) + block.name(row), file, base)[by];
  }
}

/** Keys of several versions that rules have to see whole; a failure of storage is kept until somebody asks. */
class StackReader {
  failed: Result<void> = ok(undefined);
  private readonly reader: IndexReader;
  private readonly snapshotId: string;

  constructor(reader: IndexReader, snapshotId: string) {
    this.reader = reader;
    this.snapshotId = snapshotId;
  }

  read(ranges: readonly DirectoryRange[], takes: ((block: RowBlock, row: number) => boolean) | null): RowBlock[] {
    const blocks: RowBlock[] = [];
    for (const range of ranges) {
      if (!this.failed.ok) return blocks;
      this.failed = this.reader.stacks(this.snapshotId, range, (block) => {
        blocks.push(takes === null ? block : pickRows(block, (row) => takes(block, row)));
      });
    }
    return blocks;
  }
}
