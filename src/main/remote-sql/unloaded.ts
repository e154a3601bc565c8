import { parquetReadObjects } from 'hyparquet';
import { appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { withConnection } from '../s3/client.ts';
import { attempt } from '../s3/errors.ts';
import type { QueryOptions, SqlRow, SqlValue } from './engine.ts';

const PAGE_ROWS = 10_000;

/**
 * Reads the Parquet files that a query has written, as the manifest beside its result lists them: one s3:// address a line
 * (https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html). The files stay where they are.
 */
export async function readUnloaded(manifest: string | undefined, remote: Remote, { signal, onRows }: QueryOptions): Promise<Result<void>> {
  const listed = manifest === undefined ? null : placeOf(manifest);
  if (listed === null) return err(appError('RemoteFailed', 'Athena does not say where it put the result.'));
  return withConnection(remote, listed.bucket, signal, async (connection) => {
    const get = async (place: { readonly bucket: string; readonly key: string }): Promise<Result<Uint8Array>> => {
      const command = new connection.sdk.GetObjectCommand({ Bucket: place.bucket, Key: place.key });
      return attempt({ name: 'GetObject', bucket: place.bucket, key: place.key }, async () => {
        const { Body } = await connection.client.send(command, { abortSignal: signal });
        if (!Body) throw new Error('the object has no body');
        return Body.transformToByteArray();
      });
    };
    const lines = await get(listed);
    if (!lines.ok) return lines;
    for (const line of new TextDecoder().decode(lines.value).split('\n').filter(Boolean)) {
      const place = placeOf(line);
      if (!place)
        return err(appError('RemoteFailed', 'The list of the result is not one of s3:// addresses.', { detail: line.slice(0, 200) }));
      const file = await get(place);
      if (!file.ok) return file;
      const read = await readParquet(file.value, line, onRows);
      if (!read.ok) return read;
    }
    return ok(undefined);
  });
}

function placeOf(address: string): { readonly bucket: string; readonly key: string } | null {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address.trim()) ?? [];
  return bucket === undefined || key === undefined ? null : { bucket, key };
}

async function readParquet(bytes: Uint8Array, file: string, onRows: QueryOptions['onRows']): Promise<Result<void>> {
  const copy = new Uint8Array(bytes).buffer;
  let rows: readonly Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({ file: copy });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    return err(appError('RemoteFailed', 'A file of the result cannot be read.', { file, detail }));
  }
  for (let from = 0; from < rows.length; from += PAGE_ROWS) {
    const taken = onRows(rows.slice(from, from + PAGE_ROWS).map((row): SqlRow => Object.values(row).map(toValue)));
    if (!taken.ok) return taken;
  }
  return ok(undefined);
}

const toValue = (value: unknown): SqlValue => {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
};
