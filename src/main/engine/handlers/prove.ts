import type { PROVE_METHODS } from '../../../contract/methods/prove.ts';
import { ok } from '../../../contract/result.ts';
import { readBucketState } from '../../s3/bucket-state.ts';
import { withConnection } from '../../s3/client.ts';
import type { Handlers } from '../handler.ts';
import { runProofs } from '../prove-run.ts';

export const proveHandlers: Pick<Handlers, keyof typeof PROVE_METHODS> = {
  'prove.check': async (order, { environment, signal }) => {
    const proved = runProofs(order, environment.now(), signal);
    return proved.ok ? ok(proved.value.run) : proved;
  },

  'bucket.facts': ({ bucket, remote }, { signal }) =>
    withConnection(remote, bucket, signal, (connection) => readBucketState(connection, bucket, signal)),
};
