import { readFile } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import type { ResultOf } from '../../contract/methods.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { athenaTable, hiveTable, trinoTable } from '../../core/sql-rollup/ddl.ts';
import { partitionOf, reportTable } from '../../core/sql-rollup/report-table.ts';
import { withConnection } from '../s3/client.ts';
import { attempt } from '../s3/errors.ts';
import { isS3Location, parseS3Location } from '../sources/s3-location.ts';

interface Wanted {
  readonly manifest: string;
  readonly engine: 'athena' | 'hive' | 'trino';
  readonly table: string;
  readonly files?: string | undefined;
}

/** Statements that make a table over the report of a manifest. */
export async function tableDdl(wanted: Wanted, remote: Remote, signal: AbortSignal): Promise<Result<ResultOf<'table.ddl'>>> {
  const json = await readManifest(wanted.manifest, remote, signal);
  if (!json.ok) return json;
  const report = reportTable(json.value, wanted.manifest);
  if (!report.ok) return report;
  const { partitions, begunMs } = report.value;
  const partition = partitionOf(begunMs);
  const facts = { partition, asOf: new Date(begunMs).toISOString() };
  const table = wanted.table.split('.');
  if (wanted.engine === 'trino') {
    if (wanted.files === undefined) {
      return err(
        appError('Usage', 'Trino needs a folder that holds the files of this report alone.', {
          field: 'files',
          next: 'Copy them there and name it with --files s3://…/, or make the table in a metastore that Trino reads (--engine hive).',
        }),
      );
    }
    const warnings = ['The table is sound only while the folder holds the files of this one report.'];
    return ok({ statements: [trinoTable(table, report.value, wanted.files)], ...facts, warnings });
  }
  if (partitions === null) {
    return err(
      appError('ManifestInvalid', 'The manifest does not tell where the partitions of its configuration lie.', {
        file: wanted.manifest,
        next: 'Name the manifest by its place on S3: s3://bucket/prefix/source/configuration/…/manifest.json.',
      }),
    );
  }
  const statements =
    wanted.engine === 'athena'
      ? [athenaTable(table, report.value, partitions)]
      : [...hiveTable(table, report.value, partitions, partition)];
  const warnings =
    report.value.format === 'CSV' ? ['Queries of CSV read every byte of a report; ORC and Parquet reports cost a fraction.'] : [];
  return ok({ statements, ...facts, warnings });
}

async function readManifest(at: string, remote: Remote, signal: AbortSignal): Promise<Result<string>> {
  if (!isS3Location(at)) {
    try {
      return ok(await readFile(at, 'utf8'));
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      return err(appError('SourceNotFound', 'There is no manifest here that can be read.', { file: at, detail }));
    }
  }
  const location = parseS3Location(at);
  if (!location.ok) return location;
  const { bucket, key } = location.value;
  return withConnection(remote, bucket, signal, ({ client, sdk }) =>
    attempt({ name: 'GetObject', bucket, key }, async () => {
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      return (await Body?.transformToString()) ?? '';
    }),
  );
}
