import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../../src/contract/result.ts';
import { parseTableAddress } from '../../../src/core/sql-rollup/address.ts';
import type { SqlEngine, SqlRow } from '../../../src/main/remote-sql/engine.ts';
import { trinoEngine } from '../../../src/main/remote-sql/trino.ts';
import { installTrino } from './install.ts';

export interface TrinoServer {
  /** trino://127.0.0.1:port, to which a table's name is added. */
  readonly address: string;
  readonly engine: SqlEngine;
  /** A folder of the server's own, for files that tables are made over. */
  readonly folder: string;
  /** Runs a statement and gives all its rows; throws what goes wrong. */
  sql(statement: string): Promise<SqlRow[]>;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 180_000;

/** A real Trino on this machine, with the Hive connector over local files and a file metastore; or why there is none. */
export async function startTrino(mayFetch: boolean): Promise<{ ok: true; value: TrinoServer } | { ok: false; reason: string }> {
  const installed = installTrino(mayFetch);
  if (!installed.ok) return installed;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'isotherm-trino-'));
  configure(folder, port);
  symlinkSync(join(installed.folder, 'plugin'), join(folder, 'plugin'));
  const log = join(folder, 'server.log');
  const out = openSync(log, 'a');
  const child = spawn(
    installed.java,
    [
      '-Xmx4G',
      '-XX:+UseG1GC',
      '-Djdk.attach.allowAttachSelf=true',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '-Duser.timezone=UTC',
      `-Dlog.levels-file=${join(folder, 'etc', 'log.properties')}`,
      `-Dconfig=${join(folder, 'etc', 'config.properties')}`,
      '-Dnode.id=one',
      '-Dnode.environment=test',
      `-Dnode.data-dir=${join(folder, 'data')}`,
      '-cp',
      join(installed.folder, 'lib', '*'),
      'io.trino.server.TrinoServer',
    ],
    { cwd: folder, stdio: ['ignore', out, out] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const begun = Date.now();
  while (!readFileSync(log, 'utf8').includes('SERVER STARTED')) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() - begun > START_WITHIN_MS) {
      const words = readFileSync(log, 'utf8').slice(-2000);
      await stop();
      throw new Error(`Trino did not start: ${words}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const address = `trino://127.0.0.1:${port}`;
  const parsed = parseTableAddress(`${address}/hive.default.t`);
  if (!parsed.ok || parsed.value.engine !== 'trino') throw new Error('no address');
  const engine = trinoEngine(parsed.value, {});
  if (!engine.ok) throw new Error(engine.error.message);
  const sql = async (statement: string): Promise<SqlRow[]> => {
    const rows: SqlRow[] = [];
    const onRows = (page: readonly SqlRow[]) => {
      for (const row of page) rows.push(row);
      return ok(undefined);
    };
    const run = await engine.value.query(statement, { signal: new AbortController().signal, onRows });
    if (!run.ok) throw new Error(`${run.error.message} ${run.error.detail ?? ''}\n${statement.slice(0, 2000)}`);
    return rows;
  };
  return { ok: true, value: { address, engine: engine.value, folder, sql, stop } };
}

function configure(folder: string, port: number): void {
  const put = (name: string, lines: readonly string[]): void => {
    const file = join(folder, 'etc', name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${lines.join('\n')}\n`);
  };
  put('config.properties', [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    'query.max-memory=1500MB',
    'query.max-memory-per-node=1500MB',
    'query.max-total-memory=2GB',
    'query.max-total-memory-per-node=2GB',
    `plugin.dir=${join(folder, 'plugin')}`,
    `catalog.config-dir=${join(folder, 'etc', 'catalog')}`,
  ]);
  put('log.properties', ['io.trino=INFO']);
  put('catalog/hive.properties', [
    'connector.name=hive',
    'hive.metastore=file',
    `hive.metastore.catalog.dir=file://${join(folder, 'metastore')}`,
    'hive.metastore.user=hive',
    'hive.security=allow-all',
    'hive.non-managed-table-writes-enabled=true',
  ]);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
