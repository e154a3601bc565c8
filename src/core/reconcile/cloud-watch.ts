import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { csvLines } from '../report/csv-lines.ts';
import { STORAGE_TYPES } from './storage-types.ts';

/** One data point of BucketSizeBytes. */
export interface DataPoint {
  readonly storageType: string;
  readonly atMs: number;
  readonly bytes: number;
}

const unlike = (detail: string): Result<never> =>
  err(
    appError('FormatUnsupported', 'The file does not hold what CloudWatch measured.', {
      detail,
      next: 'Write it with "aws cloudwatch get-metric-data" for BucketSizeBytes, one query a storage type labelled with it, or as a CSV of time, storage type and bytes.',
    }),
  );

/** The storage type a label or an id names: the longest one in it. */
function typeIn(...names: readonly unknown[]): string | null {
  const text = names
    .filter((name) => typeof name === 'string')
    .join(' ')
    .toLowerCase();
  const found = STORAGE_TYPES.filter((type) => text.includes(type.toLowerCase())).sort((a, b) => b.length - a.length);
  return found[0] ?? null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function point(storageType: string, time: unknown, value: unknown): DataPoint | null {
  const atMs = typeof time === 'number' ? time * 1000 : Date.parse(String(time));
  const bytes = Number(value);
  return Number.isFinite(atMs) && Number.isFinite(bytes) && bytes >= 0 ? { storageType, atMs, bytes: Math.round(bytes) } : null;
}

/** get-metric-data; or get-metric-statistics under the name of each storage type. */
function fromJson(value: unknown): Result<DataPoint[]> {
  if (!isRecord(value)) return unlike('it is no JSON object');
  const points: (DataPoint | null)[] = [];
  if (Array.isArray(value.MetricDataResults)) {
    for (const result of value.MetricDataResults) {
      if (!isRecord(result)) return unlike('a result is no object');
      const type = typeIn(result.Label, result.Id);
      if (type === null) return unlike(`no storage type is named by "${String(result.Label)}"`);
      const values = listOf(result.Values);
      points.push(...listOf(result.Timestamps).map((time, at) => point(type, time, values[at])));
    }
  } else {
    for (const [name, statistics] of Object.entries(value)) {
      const type = typeIn(name);
      if (type === null || !isRecord(statistics)) return unlike(`"${name}" names no storage type`);
      points.push(...listOf(statistics.Datapoints).map((one) => (isRecord(one) ? point(type, one.Timestamp, one.Average) : null)));
    }
  }
  return points.includes(null) ? unlike('a data point has no time or no size') : ok(points as DataPoint[]);
}

function fromCsv(text: string): Result<DataPoint[]> {
  const [header = [], ...lines] = [...csvLines(text)];
  const column = (pattern: RegExp): number => header.findIndex((name) => pattern.test(name.trim()));
  const [time, type, size] = [
    column(/^(time|timestamp|date)/i),
    column(/storage ?_?type/i),
    column(/^(bytes|value|average|bucketsizebytes)/i),
  ];
  if (time < 0 || type < 0 || size < 0) return unlike(`columns for time, storage type and bytes are not all in "${header.join(',')}"`);
  const points: DataPoint[] = [];
  for (const [at, line] of lines.entries()) {
    const storageType = typeIn(line[type]);
    const own = storageType === null || line[size] === '' ? null : point(storageType, line[time], line[size]);
    if (own === null) return unlike(`line ${at + 2} is no data point`);
    points.push(own);
  }
  return ok(points);
}

/** Reads what CloudWatch measured, however it was written down. FormatUnsupported says what is wrong with it. */
export function readCloudWatch(text: string): Result<DataPoint[]> {
  const isJson = text.trimStart().startsWith('{');
  let value: unknown = null;
  try {
    if (isJson) value = JSON.parse(text);
  } catch (cause) {
    return unlike(String(cause));
  }
  const points = isJson ? fromJson(value) : fromCsv(text.replace(/^\ufeff/, ''));
  return points.ok && points.value.length === 0 ? unlike('it holds no data point') : points;
}
