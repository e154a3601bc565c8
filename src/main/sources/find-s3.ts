import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { S3Connection } from '../s3/client.ts';
import { attempt } from '../s3/errors.ts';
import { checksumOf } from './find-local.ts';
import { type Candidate, chooseReport, TIMESTAMP_FOLDER } from './report-choice.ts';
import type { S3Location } from './s3-location.ts';

/** Enough for any inventory prefix; a search that needs more was started too far up in a bucket of other things. */
const MAX_LISTINGS = 2_000;

interface Folder {
  readonly prefixes: readonly string[];
  /** Names directly in it, without the prefix. */
  readonly names: ReadonlySet<string>;
}

const lastSegment = (prefix: string): string => prefix.replace(/\/$/, '').split('/').at(-1) ?? '';

/**
 * Finds the key of the manifest an s3:// address stands for, by listing with a delimiter. Fails with NoCompleteReport,
 * ReportAmbiguous, LimitExceeded or a remote failure.
 */
export async function findS3Report(
  connection: S3Connection,
  location: S3Location,
  report: string | undefined,
  signal: AbortSignal,
): Promise<Result<string>> {
  const address = `s3://${location.bucket}/${location.key}`;
  let listings = 0;

  async function list(prefix: string): Promise<Result<Folder>> {
    const prefixes: string[] = [];
    const names = new Set<string>();
    let token: string | undefined;
    do {
      if (++listings > MAX_LISTINGS) {
        return err(
          appError('LimitExceeded', `${address} holds too many folders to search for a report.`, {
            next: 'Name a longer prefix: the folder of the inventory configuration.',
          }),
        );
      }
      const page = await attempt({ name: 'ListObjectsV2', bucket: location.bucket, endpoint: connection.endpoint }, () =>
        connection.client.send(
          new connection.sdk.ListObjectsV2Command({ Bucket: location.bucket, Prefix: prefix, Delimiter: '/', ContinuationToken: token }),
          { abortSignal: signal },
        ),
      );
      if (!page.ok) return page;
      for (const common of page.value.CommonPrefixes ?? []) if (common.Prefix !== undefined) prefixes.push(common.Prefix);
      for (const object of page.value.Contents ?? []) names.add((object.Key ?? '').slice(prefix.length));
      token = page.value.IsTruncated === true ? page.value.NextContinuationToken : undefined;
    } while (token !== undefined);
    return ok({ prefixes, names });
  }

  const found: Candidate[] = [];
  const add = (prefix: string, name: string, names: ReadonlySet<string>): Candidate => {
    const isDated = TIMESTAMP_FOLDER.test(lastSegment(prefix));
    const folder = prefix.replace(/\/$/, '');
    const candidate = {
      name: isDated ? lastSegment(prefix) : name,
      group: isDated ? folder.split('/').slice(0, -1).join('/') : folder,
      createdAt: isDated ? lastSegment(prefix) : '',
      complete: names.has(checksumOf(name)),
      manifest: prefix + name,
    };
    found.push(candidate);
    return candidate;
  };

  /** Newest first, and no further than the first complete one, unless one is asked for by name. */
  async function dated(prefixes: readonly string[]): Promise<Result<void>> {
    for (const prefix of [...prefixes].sort().reverse()) {
      if (report !== undefined && !report.replace(/\/+$/, '').endsWith(lastSegment(prefix))) continue;
      const folder = await list(prefix);
      if (!folder.ok) return folder;
      if (folder.value.names.has('manifest.json') && add(prefix, 'manifest.json', folder.value.names).complete) break;
    }
    return ok(undefined);
  }

  const start = location.key === '' || location.key.endsWith('/') ? location.key : `${location.key}/`;
  const queue = [start];
  for (let prefix = queue.shift(); prefix !== undefined; prefix = queue.shift()) {
    const folder = await list(prefix);
    if (!folder.ok) return folder;
    const manifests = [...folder.value.names].filter((name) => (prefix === start ? /^[^/]*manifest\.json$/.test(name) : false));
    for (const name of manifests) add(prefix, name, folder.value.names);
    if (manifests.length > 0) break;
    const reports = folder.value.prefixes.filter((below) => TIMESTAMP_FOLDER.test(lastSegment(below)));
    const searched = await dated(reports);
    if (!searched.ok) return searched;
    // Beside timestamp folders lie only the data files of all reports, and tables over them.
    if (reports.length === 0) queue.push(...folder.value.prefixes);
  }
  const chosen = chooseReport(found, report, address);
  return chosen.ok ? ok(chosen.value.manifest) : chosen;
}
