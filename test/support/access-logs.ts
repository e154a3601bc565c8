import { accessLine, type LoggedRequest } from '../../src/core/sample/access-line.ts';

/** A line of a server access log, where nothing else is said about a training job's read. */
export function logLine(given: Partial<LoggedRequest> & Pick<LoggedRequest, 'key' | 'timeMs'>): string {
  const { bytesSent = 100 } = given;
  return accessLine({
    requester: 'arn:aws:iam::111122223333:role/train',
    agent: 'Boto3/1.34 md/Botocore#1.34',
    operation: 'REST.GET.OBJECT',
    status: 200,
    objectSize: bytesSent,
    region: '-',
    bucket: 'ml-bucket',
    ...given,
    bytesSent,
  });
}
