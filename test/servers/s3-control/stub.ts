import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkRequest } from './model.ts';

/** One job as the stub keeps it. */
export interface StubJob {
  readonly id: string;
  readonly account: string;
  readonly input: Record<string, unknown>;
  /** The body of the request, whose elements DescribeJob gives back. */
  readonly body: string;
  state: string;
  tasks: number;
  reason: string;
}

export interface ControlStub {
  /** Named, since the account goes before the name. */
  readonly endpoint: string;
  readonly jobs: Map<string, StubJob>;
  /** Objects by "bucket/key". */
  readonly objects: Map<string, Buffer>;
  /** What requests held that the SDK's model does not have; empty as long as all is well. */
  readonly faults: string[];
  /** Operations in order. */
  readonly calls: string[];
  /** Status and code for the next calls of an operation. */
  readonly refuse: Map<string, { status: number; code: string }>;
  /** What becomes of a line of the list when the job runs; "" for success. */
  outcome: (line: string) => string;
  close(): Promise<void>;
}

const error = (code: string): string =>
  `<?xml version="1.0"?><ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
const text = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * S3 Control's batch jobs, and the objects they need, on loopback. Every request is checked against the SDK's own model; jobs go through their
 * states one step for each time they are looked at: New, Preparing, Suspended, and once confirmed Ready, Active, Complete with a report.
 */
export async function startControlStub(): Promise<ControlStub> {
  const stub = {
    jobs: new Map<string, StubJob>(),
    objects: new Map<string, Buffer>(),
    faults: [] as string[],
    calls: [] as string[],
    refuse: new Map<string, { status: number; code: string }>(),
    outcome: (_line: string) => '',
  };

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://localhost');
      const body = Buffer.concat(chunks);
      if (url.pathname.startsWith('/v20180820/')) control(incoming, response, url, body.toString('utf8'));
      else object(incoming, response, decodeURIComponent(url.pathname).slice(1), body);
    });
  });

  function object(incoming: IncomingMessage, response: ServerResponse, name: string, body: Buffer): void {
    const held = stub.objects.get(name);
    if (incoming.method === 'PUT') {
      if (incoming.headers['if-none-match'] === '*' && held !== undefined) {
        response.writeHead(412, { 'content-type': 'application/xml' }).end('<Error><Code>PreconditionFailed</Code></Error>');
        return;
      }
      stub.objects.set(name, body);
      response.writeHead(200, { etag: `"${md5(body)}"` }).end();
      return;
    }
    if (held === undefined) {
      response
        .writeHead(404, { 'content-type': 'application/xml' })
        .end(incoming.method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code></Error>');
      return;
    }
    response.writeHead(200, { etag: `"${md5(held)}"`, 'content-length': held.length });
    response.end(incoming.method === 'HEAD' ? undefined : held);
  }

  function control(incoming: IncomingMessage, response: ServerResponse, url: URL, body: string): void {
    const { name, input, faults } = checkRequest({
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body,
    });
    stub.calls.push(name);
    stub.faults.push(...faults.map((fault) => `${name}: ${fault}`));
    const account = String(input.AccountId ?? '');
    // The account goes in the name and in a header, and both are signed.
    if (!incoming.headers.host?.startsWith(`${account}.`))
      stub.faults.push(`${name}: the host ${incoming.headers.host} is not that of account ${account}`);
    if (!/SignedHeaders=[^,]*x-amz-account-id/.test(incoming.headers.authorization ?? ''))
      stub.faults.push(`${name}: the account is not signed`);
    const refused = stub.refuse.get(name);
    const answer = (status: number, xml: string) => response.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
    if (refused !== undefined) return void answer(refused.status, error(refused.code));
    if (faults.length > 0) return void answer(400, error('MalformedXML'));
    switch (name) {
      case 'CreateJob':
        return void create(account, input, body, answer);
      case 'DescribeJob':
        return void withJob(account, input, answer, (job) => {
          step(job);
          answer(200, `<?xml version="1.0"?><DescribeJobResult>${describe(job)}</DescribeJobResult>`);
        });
      case 'UpdateJobStatus':
        return void withJob(account, input, answer, (job) => update(job, input, answer));
      case 'ListJobs': {
        const members = [...stub.jobs.values()].filter((job) => job.account === account).map((job) => `<member>${summary(job)}</member>`);
        return void answer(200, `<?xml version="1.0"?><ListJobsResult><Jobs>${members.join('')}</Jobs></ListJobsResult>`);
      }
      default:
        return void answer(400, error('InvalidRequest'));
    }
  }

  type Answer = (status: number, xml: string) => unknown;

  function create(account: string, input: Record<string, unknown>, body: string, answer: Answer): void {
    const token = String(input.ClientRequestToken ?? '');
    const known = [...stub.jobs.values()].find((job) => job.input.ClientRequestToken === token && token !== '');
    const location = (input.Manifest as { Location?: { ObjectArn?: string; ETag?: string } } | undefined)?.Location;
    const list = stub.objects.get(location?.ObjectArn?.replace(/^arn:[^:]*:s3:::/, '') ?? '');
    if (list === undefined || md5(list) !== location?.ETag?.replaceAll('"', '')) {
      answer(400, error('InvalidManifestContent'));
      return;
    }
    const operations = Object.keys(input.Operation ?? {});
    if (operations.length !== 1) {
      answer(400, error('InvalidRequest'));
      return;
    }
    const id = known?.id ?? `${createHash('sha256').update(`${account} ${token}`).digest('hex').slice(0, 8)}-4f41-4c5e-9d2c-0a1b2c3d4e5f`;
    if (known === undefined) stub.jobs.set(id, { id, account, input, body, state: 'New', tasks: 0, reason: '' });
    answer(200, `<?xml version="1.0"?><CreateJobResult><JobId>${id}</JobId></CreateJobResult>`);
  }

  function withJob(account: string, input: Record<string, unknown>, answer: Answer, run: (job: StubJob) => unknown): void {
    const job = stub.jobs.get(String(input.JobId));
    if (job === undefined || job.account !== account) answer(404, error('NotFoundException'));
    else run(job);
  }

  function update(job: StubJob, input: Record<string, unknown>, answer: Answer): void {
    const wanted = String(input.RequestedJobStatus);
    const isEnded = ['Complete', 'Cancelled', 'Failed'].includes(job.state);
    if (isEnded || (wanted === 'Ready' && job.state !== 'Suspended')) {
      answer(400, error('JobStatusException'));
      return;
    }
    job.state = wanted === 'Ready' ? 'Ready' : 'Cancelling';
    job.reason = String(input.StatusUpdateReason ?? '');
    answer(
      200,
      `<?xml version="1.0"?><UpdateJobStatusResult><JobId>${job.id}</JobId><Status>${job.state}</Status></UpdateJobStatusResult>`,
    );
  }

  const listOf = (job: StubJob): string[] => {
    const { Location } = job.input.Manifest as { Location: { ObjectArn: string } };
    return (stub.objects.get(Location.ObjectArn.replace(/^arn:[^:]*:s3:::/, '')) ?? Buffer.alloc(0))
      .toString('utf8')
      .split('\n')
      .filter(Boolean);
  };

  /** One step on the way; a job that was created asleep stays so until it is woken. */
  function step(job: StubJob): void {
    const next: Record<string, string> = {
      New: 'Preparing',
      Preparing: job.input.ConfirmationRequired === true ? 'Suspended' : 'Ready',
      Ready: 'Active',
      Active: 'Complete',
      Cancelling: 'Cancelled',
    };
    const before = job.state;
    job.state = next[before] ?? before;
    if (job.state === 'Suspended' && job.tasks === 0) job.tasks = listOf(job).length;
    if (job.state === 'Complete' && before !== 'Complete') report(job);
  }

  function report(job: StubJob): void {
    const { Report } = job.input as { Report: { Bucket: string; Prefix?: string; ReportScope: string } };
    const bucket = Report.Bucket.replace(/^arn:[^:]*:s3:::/, '');
    const base = `${Report.Prefix === undefined ? '' : `${Report.Prefix}/`}job-${job.id}`;
    const { Spec } = job.input.Manifest as { Spec: { Fields: string[] } };
    const rows = listOf(job).map((line) => ({ fields: line.split(','), error: stub.outcome(line) }));
    const line = ({ fields, error: why }: { fields: string[]; error: string }): string => {
      const version = Spec.Fields.includes('VersionId') ? fields[2] : '';
      const [code, status] = why === '' ? ['', '200'] : [why, '403'];
      return `${fields[0]},${fields[1]},${version},${why === '' ? 'succeeded' : 'failed'},${code},${status},"${why === '' ? 'Successful' : `said ""no"", ${why}`}"\n`;
    };
    const results = (['succeeded', 'failed'] as const).flatMap((status) => {
      const chosen = rows.filter(({ error: why }) => (why === '') === (status === 'succeeded'));
      if (chosen.length === 0 || (status === 'succeeded' && Report.ReportScope === 'FailedTasksOnly')) return [];
      const bytes = Buffer.from(chosen.map(line).join(''));
      const key = `${base}/results/${md5(bytes)}.csv`;
      stub.objects.set(`${bucket}/${key}`, bytes);
      return [{ TaskExecutionStatus: status, Bucket: bucket, MD5Checksum: md5(bytes), Key: key }];
    });
    const head = {
      Format: 'Report_CSV_20180820',
      ReportCreationDate: '2026-11-24T00:00:00Z',
      Results: results,
      ReportSchema: 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage',
    };
    stub.objects.set(`${bucket}/${base}/manifest.json`, Buffer.from(JSON.stringify(head)));
  }

  const counts = (job: StubJob): string => {
    const failed = job.state === 'Complete' ? listOf(job).filter((line) => stub.outcome(line) !== '').length : 0;
    const done = job.state === 'Complete' ? job.tasks - failed : 0;
    return `<ProgressSummary><TotalNumberOfTasks>${job.tasks}</TotalNumberOfTasks><NumberOfTasksSucceeded>${done}</NumberOfTasksSucceeded><NumberOfTasksFailed>${failed}</NumberOfTasksFailed></ProgressSummary>`;
  };

  /** The elements of the request come back as they were sent. */
  function describe(job: StubJob): string {
    const sent = (name: string): string => new RegExp(`<${name}>.*?</${name}>`, 's').exec(job.body)?.[0] ?? '';
    return `<Job><JobId>${job.id}</JobId><ConfirmationRequired>true</ConfirmationRequired><Description>${text(String(job.input.Description ?? ''))}</Description><Status>${job.state}</Status>${sent('Manifest')}${sent('Operation')}<Priority>${job.input.Priority}</Priority>${counts(job)}${sent('Report')}<CreationTime>2026-11-24T00:00:00Z</CreationTime><RoleArn>${job.input.RoleArn}</RoleArn><StatusUpdateReason>${text(job.reason)}</StatusUpdateReason></Job>`;
  }

  const summary = (job: StubJob): string =>
    `<JobId>${job.id}</JobId><Description>${text(String(job.input.Description ?? ''))}</Description><Operation>${Object.keys(job.input.Operation ?? {})[0]}</Operation><Priority>${job.input.Priority}</Priority><Status>${job.state}</Status><CreationTime>2026-11-24T00:00:00Z</CreationTime>${counts(job)}`;

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://localhost:${port}`,
    get outcome() {
      return stub.outcome;
    },
    set outcome(value) {
      stub.outcome = value;
    },
    jobs: stub.jobs,
    objects: stub.objects,
    faults: stub.faults,
    calls: stub.calls,
    refuse: stub.refuse,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
