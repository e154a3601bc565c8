import type { CONNECT_METHODS } from '../../../contract/methods/connect.ts';
import { ok } from '../../../contract/result.ts';
import { withConnection } from '../../s3/client.ts';
import { readProfiles } from '../../s3/profiles.ts';
import { readReach } from '../../s3/reach.ts';
import type { Handlers } from '../handler.ts';

export const connectHandlers: Pick<Handlers, keyof typeof CONNECT_METHODS> = {
  'connect.profiles': async (_params, { environment }) => ok(await readProfiles(environment.now())),
  'connect.reach': ({ bucket, remote }, { signal }) =>
    withConnection(remote, bucket, signal, (connection) => readReach(connection, bucket, signal)),
};
