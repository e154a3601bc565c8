import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Remote } from '../../../src/contract/remote.ts';
import { connect, type S3Connection } from '../../../src/main/s3/client.ts';
import { getLifecycle, putLifecycle } from '../../../src/main/s3/lifecycle.ts';
import { fakeS3, refuse } from '../../support/fake-s3.ts';

let server: Awaited<ReturnType<typeof fakeS3>>;
let connection: S3Connection | undefined;

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  server = await fakeS3((request, response) =>
    request.query.has('lifecycle') && request.method === 'GET' ? refuse(response, 404, 'NoSuchLifecycleConfiguration') : response.end(),
  );
});
afterEach(async () => {
  connection?.close();
  await server.close();
});

async function open(bucket: string, remote: Remote = {}): Promise<S3Connection> {
  const opened = await connect({ endpoint: server.endpoint, region: 'us-east-1', ...remote }, bucket);
  if (!opened.ok) throw new Error(opened.error.message);
  connection = opened.value;
  return opened.value;
}
const owners = () => server.requests.map(({ headers }) => headers['x-amz-expected-bucket-owner']);
const agents = () => server.requests.map(({ headers }) => /isotherm\/\w+/.exec(String(headers['user-agent']))?.[0]);

test('a write nobody permitted never leaves the client', async () => {
  const { client, sdk } = await open('bucket-one');
  for (const command of [
    new sdk.PutObjectCommand({ Bucket: 'bucket-one', Key: 'k', Body: 'x' }),
    new sdk.DeleteObjectCommand({ Bucket: 'bucket-one', Key: 'k' }),
    new sdk.PutBucketLifecycleConfigurationCommand({ Bucket: 'bucket-one', LifecycleConfiguration: { Rules: [] } }),
    new sdk.CopyObjectCommand({ Bucket: 'bucket-one', Key: 'k', CopySource: 'a/b' }),
    new sdk.RestoreObjectCommand({ Bucket: 'bucket-one', Key: 'k' }),
    new sdk.CreateMultipartUploadCommand({ Bucket: 'bucket-one', Key: 'k' }),
  ]) {
    await expect(client.send(command as never)).rejects.toThrow('nobody permitted it');
  }
  expect(server.requests).toHaveLength(0);
});

test('reads and the writes of lifecycle.ts pass, each told apart by its user agent', async () => {
  const connected = await open('bucket-one');
  expect(await getLifecycle(connected, 'bucket-one')).toMatchObject({ ok: true });
  expect(await putLifecycle(connected, 'bucket-one', { configuration: null, minimumSize: null })).toEqual({ isCertain: true, error: null });
  expect(agents()).toEqual(['isotherm/read', 'isotherm/lifecycle']);
});

test('where the owner of the bucket is known every request to it says so, and no request to another bucket does', async () => {
  const { client, sdk } = await open('bucket-one', { owner: '111122223333' });
  await getLifecycle(connection as S3Connection, 'bucket-one');
  await putLifecycle(connection as S3Connection, 'bucket-one', { configuration: null, minimumSize: null });
  await client.send(new sdk.ListObjectsV2Command({ Bucket: 'bucket-one' }));
  await client.send(new sdk.ListObjectsV2Command({ Bucket: 'bucket-two' }));
  expect(owners()).toEqual(['111122223333', '111122223333', '111122223333', undefined]);
});

test('a directory bucket is not asked for its owner, and nobody is where the owner is not known', async () => {
  const directory = await open('logs--use1-az4--x-s3', { owner: '111122223333', pathStyle: true });
  await getLifecycle(directory, 'logs--use1-az4--x-s3');
  const unknown = await open('bucket-one');
  await getLifecycle(unknown, 'bucket-one');
  expect(owners()).toEqual(server.requests.map(() => undefined));
});
