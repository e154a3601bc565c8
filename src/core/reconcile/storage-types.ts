import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { Extent } from '../price/volume.ts';

interface Types {
  readonly storage: string;
  /** What is added to come to 128 KiB; 32 KiB an object at the class's price; 8 KiB an object at STANDARD's. */
  readonly floor?: string;
  readonly overhead?: string;
  readonly standardOverhead?: string;
}

/** CloudWatch's storage types (https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html) by class, or class/tier. */
const TYPES: Readonly<Record<string, Types>> = {
  STANDARD: { storage: 'StandardStorage' },
  REDUCED_REDUNDANCY: { storage: 'ReducedRedundancyStorage' },
  STANDARD_IA: { storage: 'StandardIAStorage', floor: 'StandardIASizeOverhead' },
  ONEZONE_IA: { storage: 'OneZoneIAStorage', floor: 'OneZoneIASizeOverhead' },
  GLACIER_IR: { storage: 'GlacierIRStorage', floor: 'GlacierIRSizeOverhead' },
  GLACIER: { storage: 'GlacierStorage', overhead: 'GlacierObjectOverhead', standardOverhead: 'GlacierS3ObjectOverhead' },
  DEEP_ARCHIVE: { storage: 'DeepArchiveStorage', overhead: 'DeepArchiveObjectOverhead', standardOverhead: 'DeepArchiveS3ObjectOverhead' },
  'INTELLIGENT_TIERING/FREQUENT': { storage: 'IntelligentTieringFAStorage' },
  'INTELLIGENT_TIERING/INFREQUENT': { storage: 'IntelligentTieringIAStorage' },
  'INTELLIGENT_TIERING/ARCHIVE_INSTANT_ACCESS': { storage: 'IntelligentTieringAIAStorage' },
  'INTELLIGENT_TIERING/ARCHIVE': {
    storage: 'IntelligentTieringAAStorage',
    overhead: 'IntAAObjectOverhead',
    standardOverhead: 'IntAAS3ObjectOverhead',
  },
  'INTELLIGENT_TIERING/DEEP_ARCHIVE': {
    storage: 'IntelligentTieringDAAStorage',
    overhead: 'IntDAAObjectOverhead',
    standardOverhead: 'IntDAAS3ObjectOverhead',
  },
};
/** Parts of uploads to an archive wait here. */
const STAGING: Readonly<Record<string, string>> = { GLACIER: 'GlacierStagingStorage', DEEP_ARCHIVE: 'DeepArchiveStagingStorage' };

export const STORAGE_TYPES: readonly string[] = [
  ...Object.values(TYPES).flatMap((types) => Object.values(types) as string[]),
  ...Object.values(STAGING),
];

const OVERHEAD_BYTES = 32_768;
const STANDARD_OVERHEAD_BYTES = 8_192;

function typesOf(storageClass: string, accessTier: string, isSmall: boolean): Types {
  const tier = storageClass === 'INTELLIGENT_TIERING' ? `/${isSmall || accessTier === '' ? 'FREQUENT' : accessTier}` : '';
  return TYPES[`${storageClass}${tier}`] ?? { storage: `${storageClass}${tier}` };
}

/** What CloudWatch would measure of some versions, by storage type. */
export function measuredBytes(extents: readonly Extent[]): Map<string, number> {
  const byType = new Map<string, number>();
  const add = (type: string | undefined, bytes: number): void => {
    if (type !== undefined && bytes !== 0) byType.set(type, (byType.get(type) ?? 0) + bytes);
  };
  for (const { storageClass, accessTier, isSmall, count, bytes } of extents) {
    const types = typesOf(storageClass, accessTier, isSmall);
    add(types.storage, bytes);
    if (isSmall) add(types.floor, count * SMALL_OBJECT_BYTES - bytes);
    add(types.overhead, count * OVERHEAD_BYTES);
    add(types.standardOverhead, count * STANDARD_OVERHEAD_BYTES);
  }
  return byType;
}

/** Where CloudWatch counts the parts of an incomplete upload. */
export const uploadType = (storageClass: string): string => STAGING[storageClass] ?? typesOf(storageClass, '', false).storage;
