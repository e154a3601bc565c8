import { expect, test } from 'vitest';
import { checkRequest } from '../../servers/s3-control/model.ts';

const GOOD = `<CreateJobRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">
  <ConfirmationRequired>true</ConfirmationRequired>
  <Operation><S3InitiateRestoreObject><ExpirationInDays>7</ExpirationInDays><GlacierJobTier>BULK</GlacierJobTier></S3InitiateRestoreObject></Operation>
  <Report><Enabled>true</Enabled><Bucket>arn:aws:s3:::b</Bucket><Format>Report_CSV_20180820</Format><ReportScope>AllTasks</ReportScope></Report>
  <ClientRequestToken>t</ClientRequestToken>
  <Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member><member>Key</member></Fields></Spec>
    <Location><ObjectArn>arn:aws:s3:::b/k</ObjectArn><ETag>e</ETag></Location></Manifest>
  <Priority>10</Priority><RoleArn>arn:aws:iam::111122223333:role/r</RoleArn></CreateJobRequest>`;
const create = (body: string) =>
  checkRequest({
    method: 'POST',
    path: '/v20180820/jobs',
    query: new URLSearchParams(),
    headers: { 'x-amz-account-id': '111122223333' },
    body,
  });

test('a request as the SDK makes it has no fault', () => {
  expect(create(GOOD)).toMatchObject({ name: 'CreateJob', faults: [], input: { Priority: 10, AccountId: '111122223333' } });
});

test.each([
  ['an operation that does not exist', GOOD.replaceAll('S3InitiateRestoreObject', 'S3DeleteObject'), 'has no S3DeleteObject'],
  ['a member that does not exist', GOOD.replace('<Priority>', '<Colour>red</Colour><Priority>'), 'has no Colour'],
  ['a member too few', GOOD.replace(/<RoleArn>.*<\/RoleArn>/, ''), 'RoleArn is missing'],
  ['a member too few below', GOOD.replace('<ETag>e</ETag>', ''), 'ETag is missing'],
  ['a speed batch jobs do not know', GOOD.replace('BULK', 'EXPEDITED'), 'cannot be "EXPEDITED"'],
  ['a field lists do not know', GOOD.replace('<member>Key</member>', '<member>Size</member>'), 'cannot be "Size"'],
  ['a word for a number', GOOD.replace('>10<', '>high<'), 'is no number'],
  ['a number for a truth', GOOD.replace('<Enabled>true</Enabled>', '<Enabled>1</Enabled>'), 'neither true nor false'],
  ['the body of another request', GOOD.replaceAll('CreateJobRequest', 'CreateJob'), 'instead of a CreateJobRequest'],
])('is told: %s', (_what, body, fault) => {
  expect(create(body).faults.join('; ')).toContain(fault);
});

test('queries and paths are checked as well', () => {
  const at = (path: string, query: string, method = 'POST') =>
    checkRequest({ method, path, query: new URLSearchParams(query), headers: {}, body: '' }).faults.join('; ');
  expect(at('/v20180820/jobs/j/status', 'requestedJobStatus=Ready')).toBe('');
  expect(at('/v20180820/jobs/j/status', 'requestedJobStatus=Paused')).toContain('cannot be "Paused"');
  expect(at('/v20180820/jobs/j/status', '')).toContain('RequestedJobStatus is missing');
  expect(at('/v20180820/jobs/j/status', 'requestedJobStatus=Ready&force=1')).toContain('no query "force"');
  expect(at('/v20180820/jobs/j', '', 'DELETE')).toContain('the model has no DELETE');
});
