import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { cancelled } from './cancelled.ts';
import { isMissing, readFailure } from './fs-error.ts';
import { type Candidate, chooseReport, TIMESTAMP_FOLDER } from './report-choice.ts';

const MANIFEST = /manifest\.json$/;

/** The checksum that belongs to a manifest: same name, another ending. */
export const checksumOf = (manifest: string): string => manifest.replace(/\.json$/, '.checksum');

/**
 * Finds the manifest of the report a local path stands for: the manifest itself, the folder that holds it, or any
 * folder above (a copy of the destination bucket or of a prefix in it). Answers with its absolute path. Fails with
 * SourceNotFound, NoCompleteReport, ReportAmbiguous or FileUnreadable.
 */
export async function findLocalReport(location: string, report: string | undefined, signal: AbortSignal): Promise<Result<string>> {
  const root = resolve(location);
  let isFolder: boolean;
  try {
    isFolder = (await stat(root)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return err(appError('SourceNotFound', `There is no file or folder ${location}.`, { file: location }));
    return err(readFailure(error, location));
  }
  if (!isFolder) return exactManifest(root, location);

  const found: Candidate[] = [];
  try {
    await search(root, root, found, signal, true);
  } catch (error) {
    return err(readFailure(error, location));
  }
  if (signal.aborted) return err(cancelled());
  const chosen = chooseReport(found, report, location);
  return chosen.ok ? ok(chosen.value.manifest) : chosen;
}

async function exactManifest(file: string, location: string): Promise<Result<string>> {
  if (!MANIFEST.test(file)) {
    return err(
      appError('SourceNotFound', `${location} is not an inventory manifest (a file whose name ends in "manifest.json").`, {
        file: location,
      }),
    );
  }
  try {
    await stat(checksumOf(file));
    return ok(file);
  } catch (error) {
    if (!isMissing(error)) return err(readFailure(error, checksumOf(file)));
    return err(
      appError('NoCompleteReport', `${basename(checksumOf(file))} is not beside ${location}: the report is not complete.`, {
        file: location,
      }),
    );
  }
}

async function search(root: string, folder: string, found: Candidate[], signal: AbortSignal, isStart: boolean): Promise<void> {
  if (signal.aborted) return;
  const entries = await readdir(folder, { withFileTypes: true });
  const files = new Set(entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name));
  const here = TIMESTAMP_FOLDER.test(basename(folder));
  const manifests = [...files].filter((name) => (here ? name === 'manifest.json' : isStart && MANIFEST.test(name)));
  for (const name of manifests) {
    const manifest = join(folder, name);
    found.push({
      name: here ? basename(folder) : name,
      group: groupName(root, here ? dirname(folder) : folder),
      createdAt: here ? basename(folder) : await createdAt(manifest),
      complete: files.has(checksumOf(name)),
      manifest,
    });
  }
  if (manifests.length > 0 || here) return;
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  // Beside timestamp folders lie only the data files of all reports, and tables over them.
  const reports = folders.filter((name) => TIMESTAMP_FOLDER.test(name));
  for (const name of reports.length > 0 ? reports : folders) await search(root, join(folder, name), found, signal, false);
}

function groupName(root: string, folder: string): string {
  const below = relative(root, folder).split(sep).join('/');
  return below === '' || below.startsWith('..') ? folder.split(sep).join('/') : below;
}

/** The creation time a manifest claims, spelled like a timestamp folder; '' where it cannot be told. */
async function createdAt(manifest: string): Promise<string> {
  try {
    const value: unknown = JSON.parse(await readFile(manifest, 'utf8'));
    const stamp =
      typeof value === 'object' && value !== null && 'creationTimestamp' in value ? Number(value.creationTimestamp) : Number.NaN;
    return new Date(stamp).toISOString();
  } catch {
    return '';
  }
}
