import { expect, test } from 'vitest';
import { isTableAddress, parseTableAddress, tableAddressText } from '../../../src/core/sql-rollup/address.ts';

test.each([
  [
    'trino://localhost:8080/hive.default.inventory',
    { engine: 'trino', server: 'http://localhost:8080', user: null, table: { catalog: 'hive', schema: 'default', table: 'inventory' } },
  ],
  [
    'trino://me@trino.example:443/hive.default.inventory',
    { engine: 'trino', server: 'https://trino.example:443', user: 'me', table: { catalog: 'hive', schema: 'default', table: 'inventory' } },
  ],
  [
    'trino+https://[::1]:9999/a."b.c"."d""e"',
    { engine: 'trino', server: 'https://[::1]:9999', user: null, table: { catalog: 'a', schema: 'b.c', table: 'd"e' } },
  ],
  [
    'athena://primary/AwsDataCatalog.inventory.all_versions',
    { engine: 'athena', workgroup: 'primary', table: { catalog: 'AwsDataCatalog', schema: 'inventory', table: 'all_versions' } },
  ],
  [
    'athena://primary/s3tablescatalog/aws-s3.b_my-bucket.inventory',
    { engine: 'athena', workgroup: 'primary', table: { catalog: 's3tablescatalog/aws-s3', schema: 'b_my-bucket', table: 'inventory' } },
  ],
])('success-%s', (address, expected) => {
  const parsed = parseTableAddress(address);
  expect(parsed).toEqual({ ok: true, value: expected });
  if (!parsed.ok) return;
  const again = parseTableAddress(tableAddressText(parsed.value));
  expect(again).toEqual({ ok: true, value: { ...expected, ...('user' in expected ? { user: null } : {}) } });
});

test.each([
  ['no table', 'trino://host:8080/hive.default'],
  ['no path', 'trino://host:8080'],
  ['a password', 'trino://me:secret@host/hive.default.t'],
  ['no host', 'trino:///hive.default.t'],
  ['a workgroup that is none', 'athena://a b/x.y.z'],
  ['an empty name', 'athena://w/..t'],
  ['another scheme', 'presto://host/a.b.c'],
])('refuse-%s', (_, address) => {
  const parsed = parseTableAddress(address);
  expect(parsed.ok ? null : [parsed.error.code, parsed.error.field]).toEqual(['Usage', 'source']);
  expect(parsed.ok ? '' : parsed.error.message).not.toContain('secret');
});

test('only addresses of tables are taken for such', () => {
  expect(['trino://h/a.b.c', 'trino+https://h/a.b.c', 'athena://w/a.b.c', 's3://b/p', './athena'].map(isTableAddress)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
