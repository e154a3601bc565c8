import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

/** A table on a SQL engine, as people write it. */
export type TableAddress =
  | {
      readonly engine: 'trino';
      /** http://host:port, or https:// for port 443 and 8443 or where the address says trino+https. */
      readonly server: string;
      readonly user: string | null;
      readonly table: TableName;
    }
  | { readonly engine: 'athena'; readonly workgroup: string; readonly table: TableName };

export interface TableName {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

const FORMS = 'trino://host:port/catalog.schema.table or athena://workgroup/catalog.database.table';
const TLS_PORTS = ['443', '8443'];

export const isTableAddress = (location: string): boolean => /^(?:trino|trino\+https|athena):\/\//.test(location);

/** Reads an address; Usage names the part that is wrong. Passwords have no place in one. */
export function parseTableAddress(address: string): Result<TableAddress> {
  const refuse = (words: string) => err(appError('Usage', words, { field: 'source', next: `Write ${FORMS}.` }));
  const [, scheme, authority, path] = /^(trino|trino\+https|athena):\/\/([^/]*)\/(.+)$/s.exec(address) ?? [];
  if (scheme === undefined || authority === undefined || path === undefined) return refuse(`"${address}" is not the address of a table.`);
  const table = tableName(path);
  if (!table) return refuse(`"${path}" does not name a catalog, a schema and a table.`);
  if (scheme === 'athena') {
    if (!/^[a-zA-Z0-9._-]{1,128}$/.test(authority)) return refuse(`"${authority}" is not the name of a workgroup.`);
    return ok({ engine: 'athena', workgroup: authority, table });
  }
  const [, user, host, port] = /^(?:([^@:]+)@)?([a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/.exec(authority) ?? [];
  if (authority.includes('@') && user === undefined)
    return refuse('A password has no place in an address; it is taken from the environment variable TRINO_PASSWORD.');
  if (host === undefined) return refuse(`"${authority}" is not a host and port.`);
  const isTls = scheme === 'trino+https' || (port !== undefined && TLS_PORTS.includes(port));
  const server = `${isTls ? 'https' : 'http'}://${host}:${port ?? (isTls ? '443' : '8080')}`;
  return ok({ engine: 'trino', server, user: user === undefined ? null : decodeURIComponent(user), table });
}

/** The last two dots part schema and table; what is before is the catalog, which may hold dots and slashes itself. */
function tableName(path: string): TableName | null {
  const parts: string[] = [];
  let rest = path;
  while (parts.length < 2) {
    const [, before, quoted, plain] = /^(.*)\.(?:"((?:[^"]|"")+)"|([^".]+))$/s.exec(rest) ?? [];
    if (before === undefined) return null;
    parts.unshift(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'));
    rest = before;
  }
  const catalog = /^"((?:[^"]|"")+)"$/s.exec(rest)?.[1]?.replaceAll('""', '"') ?? rest;
  if (catalog === '' || (catalog === rest && catalog.includes('"'))) return null;
  return { catalog, schema: parts[0] as string, table: parts[1] as string };
}

/** An address as it is kept and shown: without the user's name. */
export function tableAddressText(address: TableAddress): string {
  const { catalog, schema, table } = address.table;
  const part = (name: string): string => (/["./]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  const name = `${catalog.includes('"') ? part(catalog) : catalog}.${part(schema)}.${part(table)}`;
  if (address.engine === 'athena') return `athena://${address.workgroup}/${name}`;
  return `${address.server.replace(/^http(s?):/, (_, tls: string) => (tls === '' ? 'trino:' : 'trino+https:'))}/${name}`;
}
