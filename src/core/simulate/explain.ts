import type { ExplainedEvent, Explanation } from '../../contract/explanation.ts';
import { DAY_MS } from '../../contract/units.ts';
import type { BilledClass } from '../cube/cube.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { MINIMUM_DAYS } from '../price/class-rules.ts';
import { type ExactNanoUsd, roundNanoUsd } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { storageRates, transitionCharge } from '../price/storage-charge.ts';
import { hasStoragePrices } from '../price/unpriced.ts';
import { Volume } from '../price/volume.ts';
import { formatDay } from '../report/format.ts';
import { billedBytes } from './cube/ledger.ts';
import { type Configured, keyVersions } from './key-versions.ts';
import type { RunOptions } from './options.ts';
import { type KeyEvent, tellKey } from './timeline/key.ts';

export interface ExplainInput {
  readonly key: string;
  /** The rows of the key, newest first. */
  readonly block: RowBlock;
  readonly from: number;
  readonly to: number;
  readonly classes: readonly BilledClass[];
  readonly configured: Configured;
  readonly options: RunOptions;
  readonly untilDay: number;
  readonly list: PriceList;
}

/** The dated story of every version of a key, each event with the rule that does it and the money it costs. */
export function explainKey(input: ExplainInput): Explanation['versions'] {
  const { block, from, options, untilDay } = input;
  const { versions, forMarkers, matched } = keyVersions(input);
  const events = tellKey(versions, forMarkers, options, untilDay);
  // A delete marker of lifecycle's own making belongs to the version it was put before.
  const hidden = events.find(
    ({ kind, version }) => version >= 0 && (kind === 'hidden' || (kind === 'removed' && versions[version]?.isCurrent)),
  );
  return versions.map((version, index) => {
    const row = from + index;
    const isLatest = version.isCurrent;
    return {
      versionId: block.versionId(row),
      isLatest,
      isDeleteMarker: version.isMarker,
      storageClass: version.storageClass,
      accessTier: version.accessTier,
      sizeBytes: block.sizeBytes[row]!,
      lastModified: new Date(block.lastModifiedMs[row]!).toISOString(),
      noncurrentSince: isLatest ? null : new Date(block.clockMs[row]!).toISOString(),
      monthlyNanoUsd: version.isMarker ? '0' : monthly(input.list, version.storageClass, version.accessTier, block.sizeBytes[row]!),
      matchedBy: (matched[index] ?? []).map((rule) => rule.index),
      events: new VersionStory(input, row).tell(
        events.filter((event) => event.version === index || (event.version === -1 && hidden?.version === index)),
      ),
    };
  });
}

function monthly(list: PriceList, storageClass: string, accessTier: string, sizeBytes: number): string | null {
  const isSmall = sizeBytes < 131_072;
  if (!hasStoragePrices(list, false, storageClass, accessTier, isSmall)) return null;
  const volume = new Volume();
  volume.add({ storageClass, accessTier, isSmall, count: 1, bytes: sizeBytes });
  return String(roundNanoUsd(storageRates(list, volume).charge(volume)));
}

class VersionStory {
  private readonly input: ExplainInput;
  private readonly sizeBytes: number;
  private storageClass: string;
  private accessTier: string;
  private enteredDay: number;

  constructor(input: ExplainInput, row: number) {
    const { storageClass, accessTier } = input.classes[input.block.classId[row]!]!;
    this.input = input;
    this.sizeBytes = input.block.sizeBytes[row]!;
    this.storageClass = storageClass;
    this.accessTier = accessTier;
    this.enteredDay = Math.max(input.options.asOfDay, Math.floor(input.block.lastModifiedMs[row]! / DAY_MS));
  }

  tell(events: readonly KeyEvent[]): ExplainedEvent[] {
    return events.flatMap((event) => {
      if (event.kind === 'sunk') {
        this.accessTier = event.target;
        return [];
      }
      const { day, kind, rule } = event;
      const fromClass = this.storageClass;
      const leaves = kind === 'transition' || kind === 'removed';
      const early = leaves ? this.earlyFee(day) : null;
      if (kind === 'transition') {
        this.storageClass = event.target;
        this.accessTier = '';
        this.enteredDay = day;
      }
      const isGone = kind === 'removed' || kind === 'cleaned';
      return [
        {
          date: formatDay(day),
          kind,
          words: wordsOf(event, fromClass),
          ruleId: rule?.id ?? null,
          rule: rule?.index ?? null,
          fromClass: leaves ? fromClass : null,
          toClass: kind === 'transition' ? event.target : null,
          transitionNanoUsd: kind === 'transition' ? rounded(transitionCharge(this.input.list, event.target, 1n)) : null,
          earlyDeletionNanoUsd: early,
          monthlyNanoUsd: isGone ? '0' : monthly(this.input.list, this.storageClass, this.accessTier, this.sizeBytes),
        },
      ];
    });
  }

  private earlyFee(day: number): string | null {
    const missing = (MINIMUM_DAYS[this.storageClass] ?? 0) - (day - this.enteredDay);
    if (missing <= 0) return '0';
    const { list } = this.input;
    const isSmall = this.sizeBytes < 131_072;
    if (!hasStoragePrices(list, false, this.storageClass, this.accessTier, isSmall)) return null;
    const price = list.classes.get(this.storageClass)?.bandsByTier.get('')?.[0]?.nanoUsdPerGbMonth ?? 0n;
    const bytes = billedBytes(this.storageClass, this.accessTier, isSmall, 1, this.sizeBytes);
    const kept = 1_000_000n - BigInt(list.discountPpm.get(this.storageClass) ?? 0);
    return String(roundNanoUsd({ num: BigInt(bytes) * price * BigInt(missing) * kept, den: 1_073_741_824n * 30n * 1_000_000n }));
  }
}

const rounded = (amount: ExactNanoUsd | null): string | null => (amount === null ? null : String(roundNanoUsd(amount)));

function wordsOf({ kind, target, version }: KeyEvent, fromClass: string): string {
  if (version === -1) return 'the delete marker that was put before it is removed: nothing is left behind it';
  switch (kind) {
    case 'transition':
      return `moves from ${fromClass} to ${target}`;
    case 'hidden':
      return 'becomes noncurrent behind a new delete marker, and stays billed';
    case 'removed':
      return 'is removed for good';
    case 'cleaned':
      return 'is removed: a delete marker with nothing behind it';
    case 'keptByLock':
      return 'would be removed, and object lock or a legal hold keeps it';
    case 'keptBySize':
      return 'would move, and the minimum size keeps it: it is smaller than 128 KiB';
    case 'keptByReplication':
      return 'would be acted on, and does not replicate: lifecycle leaves it alone';
    case 'sunk':
      return `sinks to ${target}`;
  }
}
