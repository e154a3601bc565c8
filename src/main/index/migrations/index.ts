import { snapshots } from './0010-snapshots.ts';
import { snapshotFields } from './0030-snapshot-fields.ts';
import { workspace } from './0040-workspace.ts';
import { units } from './0050-units.ts';
import { uploads } from './0060-uploads.ts';
import { columns } from './0070-columns.ts';
import { evidence } from './0080-evidence.ts';
import { rowsElsewhere } from './0090-rows-elsewhere.ts';
import { claimsElsewhere } from './0100-claims-elsewhere.ts';
import { unitColumns } from './0110-unit-columns.ts';
import { digestsAndTags } from './0120-digests-and-tags.ts';
import type { Migration } from './migration.ts';

/** In order, in gaps of ten. A migration that has been released is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  snapshots,
  snapshotFields,
  workspace,
  units,
  uploads,
  columns,
  evidence,
  rowsElsewhere,
  claimsElsewhere,
  unitColumns,
  digestsAndTags,
];
export const LATEST_VERSION = 120;
