import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';

/** Billing keys of storage by usage type, behind the region's prefix (s3-domain 3.6). */
const STORAGE: Readonly<Record<string, string>> = {
  'TimedStorage-ByteHrs': 'STANDARD',
  'TimedStorage-RRS-ByteHrs': 'REDUCED_REDUNDANCY',
  'TimedStorage-SIA-ByteHrs': 'STANDARD_IA',
  'TimedStorage-SIA-SmObjects': 'STANDARD_IA',
  'TimedStorage-ZIA-ByteHrs': 'ONEZONE_IA',
  'TimedStorage-ZIA-SmObjects': 'ONEZONE_IA',
  'TimedStorage-GIR-ByteHrs': 'GLACIER_IR',
  'TimedStorage-GIR-SmObjects': 'GLACIER_IR',
  'TimedStorage-GlacierByteHrs': 'GLACIER',
  'TimedStorage-GDA-ByteHrs': 'DEEP_ARCHIVE',
  'TimedStorage-GlacierStaging': 'STANDARD',
  'TimedStorage-GDA-Staging': 'STANDARD',
  'TimedStorage-INT-FA-ByteHrs': 'INTELLIGENT_TIERING/FREQUENT',
  'TimedStorage-INT-IA-ByteHrs': 'INTELLIGENT_TIERING/INFREQUENT',
  'TimedStorage-INT-AIA-ByteHrs': 'INTELLIGENT_TIERING/ARCHIVE_INSTANT_ACCESS',
  'TimedStorage-INT-AA-ByteHrs': 'INTELLIGENT_TIERING/ARCHIVE',
  'TimedStorage-INT-DAA-ByteHrs': 'INTELLIGENT_TIERING/DEEP_ARCHIVE',
  'Monitoring-Automation-INT': 'INTELLIGENT_TIERING/monitoring',
};
export const MONITORING = 'INTELLIGENT_TIERING/monitoring';

/** The usage type without its region: "EUC1-TimedStorage-ByteHrs" -> "TimedStorage-ByteHrs". */
const withoutRegion = (usageType: string): string => usageType.replace(/^[A-Z]{2,4}\d?-(?=[A-Z][A-Za-z]*-)/, '');

/** Columns of a line item, by the names of CUR 2.0; those of the older CSV are spelled `lineItem/UsageType`. */
export const BILL_COLUMNS = [
  'line_item_product_code',
  'line_item_usage_type',
  'line_item_usage_amount',
  'line_item_unblended_cost',
  'line_item_resource_id',
  'line_item_usage_start_date',
  'line_item_usage_end_date',
  'line_item_line_item_type',
] as const;
type Column = (typeof BILL_COLUMNS)[number];
export type BillRow = Readonly<Record<Column, unknown>>;

/** "lineItem/UsageType" -> "line_item_usage_type". */
export const columnName = (name: string): string =>
  name
    .trim()
    .replace(/^\ufeff/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('/', '_')
    .toLowerCase();

/** Where each column is; ColumnMissing names the first that is not. */
export function billColumns(names: readonly string[], file: string): Result<ReadonlyMap<Column, number>> {
  const found = names.map(columnName);
  const places = new Map(BILL_COLUMNS.map((column) => [column, found.indexOf(column)]));
  const missing = BILL_COLUMNS.find((column) => (places.get(column) ?? -1) < 0);
  if (missing === undefined) return ok(places);
  return err(
    appError('ColumnMissing', `The Cost and Usage Report has no column ${missing}.`, {
      file,
      field: missing,
      next:
        missing === 'line_item_resource_id'
          ? 'Make the report anew with resource IDs included; without them nobody can tell buckets apart.'
          : 'Make the report anew with this column.',
    }),
  );
}

interface Billed {
  amount: number;
  usd: number;
}

/** Adds up what a month of a report bills for one bucket. */
export class BillTally {
  readonly storage = new Map<string, Billed>();
  readonly other = new Map<string, Billed>();
  /** The instants that items of storage begin and end at. */
  fromMs = Number.POSITIVE_INFINITY;
  untilMs = Number.NEGATIVE_INFINITY;
  lineItems = 0;
  /** Items of S3 without a resource, which may be the bucket's too. */
  nameless = 0;
  private readonly bucket: string;
  private readonly month: { readonly fromMs: number; readonly untilMs: number };

  constructor(bucket: string, month: { readonly fromMs: number; readonly untilMs: number }) {
    this.bucket = bucket;
    this.month = month;
  }

  /** A row that has no number where one must be is told by its column. */
  add(row: BillRow): Column | null {
    if (text(row.line_item_product_code) !== 'AmazonS3' && text(row.line_item_product_code) !== 'AmazonS3GlacierDeepArchive') return null;
    const from = instant(row.line_item_usage_start_date);
    if (from === null) return 'line_item_usage_start_date';
    if (from < this.month.fromMs || from >= this.month.untilMs) return null;
    const resource = text(row.line_item_resource_id);
    if (resource === '') this.nameless += 1;
    if (resource !== this.bucket && !resource.endsWith(`:::${this.bucket}`)) return null;
    const [amount, usd] = [number(row.line_item_usage_amount), number(row.line_item_unblended_cost)];
    if (amount === null) return 'line_item_usage_amount';
    if (usd === null) return 'line_item_unblended_cost';
    this.lineItems += 1;
    const type = text(row.line_item_line_item_type);
    const isUsage = type === '' || type === 'Usage' || type === 'DiscountedUsage';
    const usage = withoutRegion(text(row.line_item_usage_type));
    const key = isUsage ? STORAGE[usage] : undefined;
    if (key === undefined) addTo(this.other, isUsage ? usage : `${type}: ${usage}`, amount, usd);
    else {
      addTo(this.storage, key, amount, usd);
      const until = instant(row.line_item_usage_end_date) ?? from + DAY_MS;
      this.fromMs = Math.min(this.fromMs, from);
      this.untilMs = Math.max(this.untilMs, Math.min(until, this.month.untilMs));
    }
    return null;
  }
}

function addTo(map: Map<string, Billed>, key: string, amount: number, usd: number): void {
  const own = map.get(key) ?? { amount: 0, usd: 0 };
  own.amount += amount;
  own.usd += usd;
  map.set(key, own);
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value).trim());

function number(value: unknown): number | null {
  const own = typeof value === 'number' ? value : text(value) === '' ? 0 : Number(text(value));
  return Number.isFinite(own) ? own : null;
}

function instant(value: unknown): number | null {
  const ms =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'number'
        ? value
        : Date.parse(
            text(value)
              .replace(' ', 'T')
              .replace(/(T\d{2}:\d{2}:\d{2}(\.\d+)?)$/, '$1Z'),
          );
  return Number.isFinite(ms) ? ms : null;
}
