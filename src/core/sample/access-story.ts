import { DAY_MS } from '../../contract/units.ts';
import { accessLine } from './access-line.ts';
import { SAMPLE_BUCKET, SAMPLE_REGION } from './names.ts';
import type { Random } from './random.ts';
import { SAMPLE_AS_OF_MS, type SampleRow } from './rows.ts';
import type { WholeCheckpoint } from './stale-truth.ts';

/** Days before the report that have an access log. */
const LOGGED_DAYS = 100;
/** Within so many days a read counts as use under the usual keep policy; reads keep some days away from that. */
const USE_DAYS = 90;
/** Readers choose among the first of what there is, however large the sample. */
const MOST_DATASETS = 60;
const MOST_MODELS = 8;
const MOST_CHECKPOINTS = 600;
const KEYS_EACH = 10;

interface Who {
  readonly requester: string;
  readonly agent: string;
  readonly region: string;
}
const role = (name: string, agent: string, region = SAMPLE_REGION): Who => ({
  requester: `arn:aws:sts::111122223333:assumed-role/${name}`,
  agent,
  region,
});
const TRAINING = role('training/job-4711', 'Boto3/1.40.3 md/Botocore#1.40.3');
const SERVING = role('serving/pods', 'aws-sdk-go-v2/1.36.0');
const EVALUATION = role('evaluation/nightly', 'Boto3/1.40.3 md/Botocore#1.40.3');
const OFFICE = role('analyst/mira', 'aws-cli/2.27.1', 'eu-west-1');
const SCANNER = role('AWSServiceRoleForAmazonMacie/classification', 'aws-internal/3');

type Thing = Pick<SampleRow, 'key' | 'sizeBytes' | 'lastModifiedMs'>;

/** Who reads what of the sample bucket, told as S3 server access logs: one log a day, none of them empty. */
export class AccessStory {
  private readonly random: Random;
  private readonly lines: string[][] = Array.from({ length: LOGGED_DAYS + 1 }, () => []);
  private readonly datasets: Thing[][] = [];
  private readonly models: Thing[] = [];
  private checkpoints = 0;

  constructor(random: Random) {
    this.random = random;
  }

  see(row: SampleRow): void {
    if (!row.isLatest || row.isDeleteMarker) return;
    if (row.key.startsWith('datasets/')) {
      // Each version of a dataset begins with this one.
      if (row.key.endsWith('/README.md')) this.datasets.push([]);
      const own = this.datasets.length > MOST_DATASETS ? undefined : this.datasets.at(-1);
      if (own && own.length < KEYS_EACH) own.push(row);
    } else if (row.key.startsWith('models/') && row.key.includes('model-00001-of-') && this.models.length < MOST_MODELS)
      this.models.push(row);
  }

  /** Whether a checkpoint is in use. Some are read before that counts, some by what reads everything. */
  isRead({ rows, lastWriteMs }: WholeCheckpoint): boolean {
    const [first] = rows;
    if (first === undefined || ++this.checkpoints > MOST_CHECKPOINTS) return false;
    const who = this.random.pick(['nobody', 'nobody', 'nobody', 'nobody', 'nobody', 'nobody', 'scanner', 'before', 'evaluation'] as const);
    if (who === 'nobody') return false;
    const day = who === 'before' ? this.random.between(USE_DAYS + 2, LOGGED_DAYS - 1) : this.random.between(2, USE_DAYS - 10);
    if (lastWriteMs > SAMPLE_AS_OF_MS - (day + 1) * DAY_MS) return false;
    this.read(day, who === 'scanner' ? SCANNER : EVALUATION, first);
    return who === 'evaluation';
  }

  /** The logs from the oldest day to the newest, with when each was delivered. */
  logs(): { readonly deliveredMs: number; readonly text: string }[] {
    for (let day = LOGGED_DAYS; day >= 1; day--) {
      this.listing(day);
      for (const model of this.models) this.read(day, SERVING, model);
    }
    for (const [at, keys] of this.datasets.slice(0, MOST_DATASETS).entries()) {
      const from = this.random.between(10, LOGGED_DAYS);
      const days = this.random.between(1, 25);
      if (at % 8 === 5) for (let day = from; day > Math.max(0, from - days); day--) for (const key of keys) this.read(day, OFFICE, key);
      if (!this.random.chance(0.35)) continue;
      for (let day = from; day > Math.max(0, from - days); day--) for (const key of keys) this.read(day, TRAINING, key);
    }
    return this.lines
      .flatMap((lines, day) =>
        lines.length === 0 ? [] : { deliveredMs: SAMPLE_AS_OF_MS - (day - 1) * DAY_MS + 1_000, text: `${lines.join('\n')}\n` },
      )
      .reverse();
  }

  private read(day: number, { requester, agent, region }: Who, { key, sizeBytes, lastModifiedMs }: Thing): void {
    const timeMs = this.timeIn(day);
    if (timeMs <= lastModifiedMs) return;
    const request = { bucket: SAMPLE_BUCKET, key, timeMs, requester, agent, operation: 'REST.GET.OBJECT', status: 200, region };
    this.lines[day]?.push(accessLine({ ...request, bytesSent: sizeBytes, objectSize: sizeBytes }));
  }

  /** A listing: no read of anything, and a sign that the bucket was logged that day. */
  private listing(day: number): void {
    const { requester, agent, region } = SERVING;
    const request = { bucket: SAMPLE_BUCKET, key: '', timeMs: this.timeIn(day), requester, agent, status: 200, region };
    this.lines[day]?.push(accessLine({ ...request, operation: 'REST.GET.BUCKET', bytesSent: 4096, objectSize: 0 }));
  }

  private timeIn(day: number): number {
    return SAMPLE_AS_OF_MS - day * DAY_MS + this.random.between(0, DAY_MS / 1000 - 1) * 1000;
  }
}
