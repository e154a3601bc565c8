import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCloudTrail } from '../../../src/core/access/cloudtrail.ts';
import { keysMeant, parseLogLine } from '../../../src/core/access/log-line.ts';

/** The form of a line as s3-domain 2.2 gives it, slow and obvious. */
const PATTERN =
  /^(\S+) (\S+) \[([^\]]+)\] (\S+) (\S+) (\S+) (\S+) (\S+) ("(?:[^"\\]|\\.)*"|-) (\d{3}|-) (\S+) (\d+|-) (\d+|-) (\d+|-) (\d+|-) ("(?:[^"\\]|\\.)*"|-) ("(?:[^"\\]|\\.)*"|-) (\S+)(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: (\S+))?(?: .*)?$/;

/** From the page that describes the format: account, ids and addresses are its own. */
const SAMPLE =
  '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be 3E57427F3EXAMPLE REST.GET.OBJECT photos/2019/08/puppy.jpg "GET /amzn-s3-demo-bucket1/photos/2019/08/puppy.jpg?x=foo HTTP/1.1" 200 - 113 113 7 3 "-" "S3Console/0.4" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSV1.1 - - us-east-1';

describe('server access log lines', () => {
  test('success-the-documented-line', () =>
    expect(parseLogLine(SAMPLE)).toEqual({
      timeMs: Date.UTC(2019, 1, 6, 0, 0, 38),
      bucket: 'amzn-s3-demo-bucket1',
      key: 'photos/2019/08/puppy.jpg',
      isKeyEncoded: true,
      operation: 'REST.GET.OBJECT',
      kind: 'read',
      requester: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be',
      userAgent: 'S3Console/0.4',
      bytesSent: 113,
      isWhole: true,
      sourceRegion: 'us-east-1',
      isPartial: false,
    }));
  const line = (some: Partial<Record<'operation' | 'key' | 'status' | 'sent' | 'size' | 'agent' | 'time' | 'rest', string>>): string =>
    [
      'owner bucket',
      `[${some.time ?? '01/Nov/2026:10:00:00 +0000'}]`,
      `10.0.0.1 arn:aws:iam::123456789012:role/train REQ ${some.operation ?? 'REST.GET.OBJECT'} ${some.key ?? 'a/b'} "GET /a/b HTTP/1.1"`,
      `${some.status ?? '200'} - ${some.sent ?? '10'} ${some.size ?? '10'} 7 3 "-" "${some.agent ?? 'aws-cli/2'}"`,
      some.rest ?? '- HOST SigV4 TLS AuthHeader h TLSv1.3 - - eu-west-1 and more to come',
    ].join(' ');

  test.each([
    ['REST.GET.OBJECT', '200', 'read'],
    ['REST.GET.OBJECT', '206', 'read'],
    ['WEBSITE.GET.OBJECT', '200', 'read'],
    ['REST.COPY.OBJECT_GET', '200', 'read'],
    ['REST.COPY.PART_GET', '200', 'read'],
    ['REST.GET.OBJECT', '304', 'read'],
    ['REST.PUT.OBJECT', '304', 'other'],
    ['REST.GET.OBJECT', '404', 'other'],
    ['REST.HEAD.OBJECT', '200', 'other'],
    ['REST.GET.OBJECT_TAGGING', '200', 'other'],
    ['REST.GET.ACL', '200', 'other'],
    ['REST.GET.BUCKET', '200', 'other'],
    ['REST.GET.BUCKETVERSIONS', '200', 'other'],
    ['S3.EXPIRE.OBJECT', '200', 'other'],
    ['S3.TRANSITION_SIA.OBJECT', '200', 'other'],
    ['REST.PUT.OBJECT', '200', 'write'],
    ['REST.COPY.OBJECT', '200', 'write'],
    ['REST.POST.UPLOAD', '200', 'write'],
    ['REST.PUT.OBJECT', '403', 'other'],
  ])('%s with %s is %s', (operation, status, kind) => expect(parseLogLine(line({ operation, status }))?.kind).toBe(kind));

  test('only a whole object sent at once is whole', () => {
    expect(parseLogLine(line({}))?.isWhole).toBe(true);
    expect(parseLogLine(line({ sent: '4' }))?.isWhole).toBe(false);
    expect(parseLogLine(line({ status: '206' }))?.isWhole).toBe(false);
    expect(parseLogLine(line({ sent: '-', size: '-' }))).toMatchObject({ bytesSent: 0, isWhole: false });
  });
  test('lines of older form, without the last fields', () => {
    expect(parseLogLine(line({ rest: '-' }))).toMatchObject({ kind: 'read', isPartial: false, sourceRegion: '' });
    expect(parseLogLine(line({ rest: '' }))).toMatchObject({ kind: 'read', isPartial: true });
  });
  test('a user agent with quotes in it', () => {
    expect(parseLogLine(line({ agent: 'evil \\" 200 - 999' }))).toMatchObject({ isPartial: false, bytesSent: 10 });
    expect(parseLogLine(line({ agent: 'evil"agent' }))).toMatchObject({ kind: 'read', bytesSent: 10 });
    expect(parseLogLine(line({ agent: 'evil " broken' }))).toMatchObject({ key: 'a/b', kind: 'read' });
  });
  test('a zone is taken into account', () =>
    expect(parseLogLine(line({ time: '01/Nov/2026:10:00:00 +0200' }))?.timeMs).toBe(Date.UTC(2026, 10, 1, 8)));
  test.each([
    '',
    ' ',
    'a b c',
    'owner bucket [yesterday] ip who id REST.GET.OBJECT key',
    'owner bucket [31/Feb/2026:10:00:00 +0000] ip who id REST.GET.OBJECT key',
    'owner bucket [01/Nov/2026:10:00:00 +0000 ip who id REST.GET.OBJECT key "x" 200',
    'owner bucket [01/Nov/2026:10:00:00 +0000] ip who id not.an.operation key "x" 200',
  ])('refuse-%j', (text) => expect(parseLogLine(text)).toBeNull());

  test('agrees with the pattern on every line the pattern reads', () => {
    const token = fc.string({ unit: fc.constantFrom('a', '-', '%20', '.', '/', '+', 'é'), minLength: 1, maxLength: 8 });
    const quoted = fc.string({ unit: fc.constantFrom('a', ' ', '[', ']', '/', '-', '7'), maxLength: 12 });
    const record = fc.record({
      key: token,
      agent: quoted,
      uri: quoted,
      status: fc.constantFrom('200', '206', '304', '-'),
      sent: fc.constantFrom('-', '0', '17'),
      more: fc.array(token, { maxLength: 12 }),
    });
    fc.assert(
      fc.property(record, ({ key, agent, uri, status, sent, more }) => {
        const text =
          `o b [01/Nov/2026:10:00:00 +0000] 1.2.3.4 who id REST.GET.OBJECT ${key} "${uri}" ${status} - ${sent} 17 1 1 "-" "${agent}" - ${more.join(' ')}`.trimEnd();
        const found = PATTERN.exec(text);
        const read = parseLogLine(text);
        expect(found).not.toBeNull();
        expect(read).not.toBeNull();
        expect(read?.key).toBe(key === '-' ? '' : key);
        expect(read?.requester).toBe('who');
        if (status === '-') expect(read?.isPartial).toBe(true);
        else expect(read).toMatchObject({ bytesSent: Number(sent.replace('-', '0')), userAgent: agent === '-' ? '' : agent });
      }),
      { seed: 37, numRuns: 500 },
    );
  });
});

describe('keys', () => {
  const meant = (key: string) => keysMeant({ key, isKeyEncoded: true });
  test.each([
    ['a/b', ['a/b']],
    ['a+b%2Bc', ['a b+c', 'a b c', 'a+b%2Bc']],
    ['%25201', ['%201', ' 1', '%25201']],
    ['/a%20b', ['/a b', 'a b', '/a%20b']],
    ['100%', ['100%']],
  ])('%s may mean %j', (key, expected) => expect(meant(key)).toEqual(expected));
});

describe('CloudTrail', () => {
  const record = (some: object = {}) => ({
    eventTime: '2026-11-01T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    userAgent: '[aws-cli/2.15]',
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::1:assumed-role/train/i-1' },
    requestParameters: { bucketName: 'bucket', key: 'a b/c' },
    additionalEventData: { bytesTransferredOut: 42 },
    ...some,
  });
  const read = (...records: object[]) => parseCloudTrail(JSON.stringify({ Records: records }));
  test('success-data-event', () =>
    expect(read(record())?.events).toEqual([
      {
        timeMs: Date.UTC(2026, 10, 1, 10),
        bucket: 'bucket',
        key: 'a b/c',
        isKeyEncoded: false,
        kind: 'read',
        requester: 'arn:aws:sts::1:assumed-role/train/i-1',
        userAgent: 'aws-cli/2.15',
        bytesSent: 42,
        isWhole: true,
        sourceRegion: '',
      },
    ]));
  test.each([
    [{ eventName: 'HeadObject' }, 'other'],
    [{ eventName: 'PutObject' }, 'write'],
    [{ errorCode: 'AccessDenied' }, 'other'],
    [{ eventName: 'GetObjectTagging' }, 'other'],
  ])('%j is %s', (some, kind) => expect(read(record(some))?.events[0]?.kind).toBe(kind));
  test('a copy reads its source', () => {
    const copy = record({
      eventName: 'CopyObject',
      requestParameters: { bucketName: 'to', key: 'x', 'x-amz-copy-source': 'from/a%20b?versionId=1' },
    });
    expect(read(copy)?.events.map(({ bucket, key, kind }) => `${kind} ${bucket} ${key}`)).toEqual(['write to x', 'read from a%20b']);
  });
  test('other services and bucket events are passed over, garbled ones counted', () => {
    const file = read(
      record({ eventSource: 'ec2.amazonaws.com' }),
      record({ requestParameters: { bucketName: 'b' } }),
      record({ eventTime: 'x' }),
      7 as never,
    );
    expect(file).toEqual({ events: [], malformed: 1, records: 4 });
  });
  test.each(['', '[]', '{"Records":1}', '{'])('refuse-%j', (content) => expect(parseCloudTrail(content)).toBeNull());
});
