import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

/** The folder of one report is named after the minute its scan began (s3-domain 1.1). */
export const TIMESTAMP_FOLDER = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}Z$/;

/** A report as found by looking at names only. */
export interface Candidate {
  /** Its timestamp folder, or the name of its manifest where it lies in no such folder. */
  readonly name: string;
  /** The folder of its inventory configuration: newer and older reports of one configuration share it. */
  readonly group: string;
  /** Sorts by time: the timestamp folder's name, or the creation time in the same spelling. */
  readonly createdAt: string;
  /** Whether both manifest.json and manifest.checksum are there. */
  readonly complete: boolean;
  /** How the store finds it again. */
  readonly manifest: string;
}

/**
 * The newest complete report, or the one named. Fails with NoCompleteReport, or with ReportAmbiguous when
 * reports of several configurations lie there.
 */
export function chooseReport(candidates: readonly Candidate[], wanted: string | undefined, location: string): Result<Candidate> {
  const complete = candidates.filter((candidate) => candidate.complete);
  if (wanted !== undefined) {
    const name = wanted.replace(/\/+$/, '');
    const named = (list: readonly Candidate[]) =>
      list.filter((candidate) => candidate.name === name || `${candidate.group}/${candidate.name}`.endsWith(`/${name}`));
    const [first, ...others] = named(complete);
    if (first === undefined) {
      const words = named(candidates).length > 0 ? `The report ${wanted} is not complete.` : `There is no report ${wanted} at ${location}.`;
      return err(appError('NoCompleteReport', `${words}${known(complete)}`, { file: location }));
    }
    return others.length === 0 ? ok(first) : ambiguous([first, ...others], location);
  }
  const newest = complete.reduce<Candidate | undefined>(
    (best, next) => (best === undefined || next.createdAt > best.createdAt ? next : best),
    undefined,
  );
  if (newest === undefined) {
    const words = candidates.length === 0 ? 'No inventory report was found' : 'Only unfinished inventory reports were found';
    return err(appError('NoCompleteReport', `${words} at ${location}.`, { file: location }));
  }
  if (complete.some((other) => other.group !== newest.group)) return ambiguous(complete, location);
  const equals = complete.filter((other) => other.createdAt === newest.createdAt);
  return equals.length === 1 ? ok(newest) : ambiguous(equals, location);
}

function known(complete: readonly Candidate[]): string {
  if (complete.length === 0) return '';
  const names = complete.map((candidate) => candidate.name).sort();
  return ` Complete reports there: ${names.slice(-5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} older` : ''}.`;
}

function ambiguous(candidates: readonly Candidate[], location: string) {
  const groups = [...new Set(candidates.map((candidate) => candidate.group))].sort();
  const [example] = candidates;
  const named = groups.length > 1 ? groups : candidates.map((candidate) => candidate.name).sort();
  const shown = named.slice(0, 8).join(', ') + (named.length > 8 ? ` and ${named.length - 8} more` : '');
  const how =
    groups.length > 1
      ? `Give one of these folders as the source, or name one report with --report, such as "${example?.group}/${example?.name}".`
      : `Name one of them with --report, such as "${example?.name}", or give its path as the source.`;
  return err(appError('ReportAmbiguous', `There are several inventory reports at ${location}: ${shown}.`, { file: location, next: how }));
}
