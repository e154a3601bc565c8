import { appError } from '../../contract/errors.ts';
import type { Impact } from '../../contract/impact.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { MULTI } from '../../core/cube/cube.ts';
import type { RowBlock } from '../../core/cube/row-block.ts';
import { ImpactCounter } from '../../core/impact/counter.ts';
import { impactOf } from '../../core/impact/report.ts';
import type { PriceList } from '../../core/price/price-book.ts';
import { formatCount, formatDay, formatInstant } from '../../core/report/format.ts';
import type { Versioning } from '../../core/simulate/options.ts';
import type { Configured } from '../../core/simulate/request.ts';
import { simulatedMonths } from '../../core/simulate/simulate.ts';
import type { IndexReader } from '../index/reader.ts';
import type { StoredUpload } from '../index/uploads.ts';
import type { CallContext } from './handler.ts';

/** What is due a hundred years from now, or later, counts as never. */
const LONGEST_DAYS = 36_525;

export interface ImpactQuestion {
  readonly reader: IndexReader;
  readonly snapshot: Snapshot;
  readonly current: Configured;
  readonly proposed: Configured;
  /** The day the proposed configuration is put. */
  readonly asOfDay: number;
  /** Told by nobody: what the report suggests. */
  readonly versioning: Versioning | undefined;
  readonly list: PriceList;
  /** Days are told for so many calendar months. */
  readonly months: number;
}

/** Runs over every row of a snapshot: what becomes different between two configurations, counted and witnessed. */
export function impactOver(question: ImpactQuestion, { signal, progress }: Pick<CallContext, 'signal' | 'progress'>): Result<Impact> {
  const { reader, snapshot, current, proposed, asOfDay, list, months } = question;
  const { snapshotId } = snapshot;
  const cube = reader.cube(snapshotId);
  if (!cube.ok) return cube;
  const untilDay = asOfDay + LONGEST_DAYS;
  const versioning = question.versioning ?? (snapshot.allVersions ? 'enabled' : 'unversioned');
  const counter = new ImpactCounter(cube.value, { current, proposed, asOfDay, versioning, untilDay });

  const whole = { from: 0, to: cube.value.tree.count };
  const isStacked = cube.value.flags.some((flags) => (flags & MULTI) !== 0);
  let done = 0;
  const each = (add: (block: RowBlock) => void) => (block: RowBlock) => {
    // A scan cannot be left; what is not looked at costs it little.
    if (signal.aborted) return;
    add(block);
    done += block.rows;
    progress({ phase: 'comparing', done: Math.min(done, snapshot.rows), total: snapshot.rows });
  };
  const singles = reader.scan(
    snapshotId,
    whole,
    each((block) => counter.addSingles(block)),
  );
  if (!singles.ok) return singles;
  done = 0;
  const add = each((block) => counter.addStacks(block));
  const stacks = isStacked ? reader.stacks(snapshotId, whole, add) : ok(undefined);
  if (!stacks.ok) return stacks;
  if (signal.aborted) return err(appError('Cancelled', 'Cancelled.'));
  const uploads = reader.uploads(snapshotId, '');
  if (!uploads.ok) return uploads;
  for (const { key, storageClass, initiatedMs, bytes } of uploads.value)
    counter.addUpload({ key, storageClass, initiatedMs, bytes: bytes ?? 0 });
  const daysUntilDay = simulatedMonths(asOfDay, months)[months - 1]?.toDay ?? asOfDay;
  const notCovered = notCoveredBy(question, counter, uploads.value);
  return ok(impactOf(counter, { list, daysUntilDay, notCovered }));
}

function notCoveredBy({ snapshot, versioning }: ImpactQuestion, counter: ImpactCounter, uploads: readonly StoredUpload[]): string[] {
  const { compared, worlds } = counter;
  const unread = uploads.filter(({ bytes }) => bytes === null).length;
  return [
    `What was written, overwritten or removed after ${formatInstant(snapshot.asOf)} is in no figure.`,
    `What is due on ${formatDay(compared.untilDay)} or later counts as never.`,
    ...(versioning === undefined
      ? [
          `How the bucket keeps versions is not known; ${compared.versioning === 'enabled' ? 'versioned' : 'not versioned'} is what the snapshot suggests.`,
        ]
      : []),
    ...(snapshot.allVersions ? [] : ['The snapshot lists current versions only: what happens to noncurrent ones is in no figure.']),
    ...(snapshot.coverage < 1 ? ['The snapshot is not complete: what could not be listed is in no figure.'] : []),
    ...(worlds.asksForTags
      ? ['No snapshot tells tags: what rules with tags would do is told apart, and holds where versions carry those tags.']
      : []),
    ...(snapshot.incompleteUploads === null ? ['Incomplete uploads are not in the snapshot.'] : []),
    ...(unread > 0 ? [`The parts of ${formatCount(unread)} incomplete uploads could not be listed: they count without bytes.`] : []),
  ];
}
