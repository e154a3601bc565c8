import type { Confirm, Table } from '../../contract/methods/sources.ts';
import { nanoUsdOf } from '../remote-sql/query-price.ts';
import { given, remoteOf } from './flags.ts';
import type { Args, Flags } from './verb.ts';

/** For sources that are tables on a SQL engine. */
export const TABLE_FLAGS: Flags = {
  bucket: { type: 'text', value: 'NAME', words: 'Of a table: the bucket, where the table tells of several.' },
  'as-of': { type: 'text', value: 'INSTANT', words: 'Of a table: the report\'s own time, where the table has no partition "dt".' },
  output: { type: 'text', value: 's3://BUCKET/PREFIX/', words: 'Of a table of Athena: where results go, unless its workgroup says.' },
  'usd-per-tb': { type: 'text', value: 'USD', words: 'Of a table: the price of 10^12 bytes read.' },
};

export const CONFIRM_FLAGS: Flags = {
  'max-usd': { type: 'text', value: 'USD', words: 'Of a table: agree to a query that costs at most this much.' },
  yes: { type: 'switch', words: 'Of a table: agree to the query whatever it costs.' },
};

export function tableOf(address: string, args: Args): Table {
  const asOf = args.text('as-of');
  return {
    address,
    remote: remoteOf(args),
    ...given('bucket', args.text('bucket')),
    ...given('report', args.text('report')),
    ...given('asOf', asOf === undefined || Number.isNaN(Date.parse(asOf)) ? asOf : new Date(asOf).toISOString()),
    ...given('output', args.text('output')),
    ...given('usdPerTb', args.text('usd-per-tb')),
  };
}

export function confirmOf(args: Args): { confirm?: Confirm } {
  if (args.has('yes')) return { confirm: 'any' };
  const most = args.text('max-usd');
  return most === undefined ? {} : { confirm: { maxNanoUsd: /^\d+(?:\.\d+)?$/.test(most) ? String(nanoUsdOf(most)) : most } };
}
