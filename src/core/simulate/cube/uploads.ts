import type { RunOptions } from '../options.ts';
import { type ActiveRule, matchesMarkers } from '../rules.ts';
import { tellMarkers } from '../timeline/cohort.ts';
import type { Removal } from '../timeline/program.ts';
import { addTo, type Ledger } from './ledger.ts';

/** What is left of multipart uploads that were never completed, and were begun by keys that no rule tells apart. */
export interface CubeUpload {
  readonly key: string;
  readonly storageClass: string;
  /** UTC day they were begun, and the first midnight from then on. */
  readonly writtenDay: number;
  readonly clockDay: number;
  readonly count: number;
  readonly bytes: number;
}

/** Parts are billed until a rule aborts their upload (s3-domain 4.1); a prefix is all such a rule may filter by. */
export function playUpload(upload: CubeUpload, rules: readonly ActiveRule[], options: RunOptions, ledger: Ledger): void {
  const { key, storageClass, writtenDay, clockDay, count, bytes } = upload;
  const level = ledger.level(storageClass, '', false, false, true);
  ledger.move(null, level, Math.max(options.asOfDay, writtenDay), count, bytes);
  const aborts = rules.flatMap((rule): Removal[] =>
    rule.abortDays === null || !matchesMarkers(rule.scope) || !key.startsWith(rule.scope.prefix)
      ? []
      : [{ days: rule.abortDays, dateDay: 0, newer: 0, rule }],
  );
  const { day, isRelative } = tellMarkers(aborts, clockDay, options);
  if (day === null) return;
  const abortDay = isRelative ? clockDay + day : day;
  ledger.move(level, null, abortDay, count, bytes);
  if (abortDay < ledger.fromDay + ledger.reportedDays) addTo(ledger.uploadsAborted, count, bytes);
}
