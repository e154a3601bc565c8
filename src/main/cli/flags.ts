import type { Remote } from '../../contract/remote.ts';
import type { Args, Flags } from './verb.ts';

export const COMMON_FLAGS: Flags = {
  json: { type: 'switch', words: 'Print the result as JSON on standard output.' },
  'query-usd': {
    type: 'text',
    value: 'USD',
    words: 'What questions about rows that lie on Athena may cost together: an amount, or "any".',
  },
  help: { type: 'switch', short: 'h', words: 'Show this help.' },
};

export const REMOTE_FLAGS: Flags = {
  endpoint: { type: 'text', value: 'URL', words: 'S3 endpoint, for stores other than AWS.' },
  region: { type: 'text', value: 'REGION', words: 'Region of the bucket.' },
  profile: { type: 'text', value: 'NAME', words: 'Profile of the AWS configuration to take credentials from.' },
  owner: { type: 'text', value: 'ACCOUNT', words: 'Account that owns the bucket; S3 then refuses a bucket of anyone else.' },
  'path-style': { type: 'switch', words: 'Address buckets by path, as most stores other than AWS need.' },
};

export const INDEX_FLAGS: Flags = {
  index: { type: 'text', value: 'FILE', words: 'The index file.', required: true },
  snapshot: { type: 'text', value: 'ID', words: 'The snapshot; the newest unless named.' },
};

export const PRICE_REGION: Flags = {
  region: { type: 'text', value: 'REGION', words: 'Price list to use; by default the region of the bucket.' },
};
/** Where --region already says how to reach the bucket. */
export const OTHER_PRICE_REGION: Flags = {
  'price-region': { type: 'text', value: 'REGION', words: 'Price list to use; by default the region of the bucket.' },
};

export const POLICY: Flags = {
  policy: { type: 'text', value: 'FILE', words: 'The lifecycle configuration: JSON, XML, Terraform or CloudFormation.', required: true },
};

export function remoteOf(args: Args): Remote {
  const endpoint = args.text('endpoint');
  const region = args.text('region');
  const profile = args.text('profile');
  const owner = args.text('owner');
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(owner === undefined ? {} : { owner }),
    ...(args.has('path-style') ? { pathStyle: true } : {}),
  };
}

/** `index` and, where given, `snapshotId`. */
export function indexOf(args: Args): { index: string; snapshotId?: string } {
  const snapshotId = args.text('snapshot');
  return { index: args.must('index'), ...(snapshotId === undefined ? {} : { snapshotId }) };
}

/** A parameter that is there only when its flag was given. */
export function given<N extends string>(name: N, value: string | undefined): { [K in N]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [K in N]?: string };
}
