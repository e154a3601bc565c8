import * as sdk from '@aws-sdk/client-s3-control';
import { parseXml, type XmlElement } from '../../../src/core/policy/formats/xml-tree.ts';

/**
 * Checks requests against the model that the SDK itself carries: its schemas, which are generated from AWS's own description of the service.
 * A schema is [type, namespace, name, traits, ...]: 9 an operation with input and output, 3 a structure with member names, member schemas and
 * how many of the first are required, 1 a list with its member. Plain numbers are 0 text, 1 number, 2 boolean, 4 time, and 64 more for a list.
 */
type Schema = readonly unknown[];
type Member = unknown;

const OPERATION = 9;
const STRUCTURE = 3;
const LIST = 1;

interface Operation {
  readonly name: string;
  readonly method: string;
  /** "/v20180820/jobs/{JobId}" */
  readonly path: string;
  readonly input: Schema;
}

const operations: Operation[] = Object.values(sdk)
  .filter((value): value is never => Array.isArray(value) && (value as Schema)[0] === OPERATION)
  .map((schema: Schema) => {
    const [method, path] = (schema[3] as { http: [string, string, number] }).http;
    return { name: String(schema[2]), method, path: path.split('?')[0] ?? path, input: (schema[4] as () => Schema)() };
  });

/** Members whose values the SDK enumerates, by structure and member. */
const ENUMS: Readonly<Record<string, object>> = {
  'JobManifestSpec.Format': sdk.JobManifestFormat,
  'JobManifestSpec.Fields': sdk.JobManifestFieldName,
  'JobReport.Format': sdk.JobReportFormat,
  'JobReport.ReportScope': sdk.JobReportScope,
  'S3InitiateRestoreObjectOperation.GlacierJobTier': sdk.S3GlacierJobTier,
  'S3Retention.Mode': sdk.S3ObjectLockRetentionMode,
  'S3ObjectLockLegalHold.Status': sdk.S3ObjectLockLegalHoldStatus,
  'UpdateJobStatusRequest.RequestedJobStatus': sdk.RequestedJobStatus,
  'ListJobsRequest.JobStatuses': sdk.JobStatus,
};

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Checked = { readonly name: string; readonly input: Record<string, unknown>; readonly faults: string[] };

/** A member's schema and traits, whichever of its spellings it has. */
function split(member: Member): { readonly schema: unknown; readonly traits: Record<string, unknown> } {
  const [schema, traits] = Array.isArray(member) ? (member as unknown[]) : [member, 0];
  const resolved = typeof schema === 'function' ? (schema as () => unknown)() : schema;
  if (typeof traits === 'object' && traits !== null) return { schema: resolved, traits: traits as Record<string, unknown> };
  const bits = Number(traits ?? 0);
  return { schema: resolved, traits: { ...(bits & 1 ? { httpLabel: 1 } : {}), ...(bits & 4 ? { idempotencyToken: 1 } : {}) } };
}

/** Which operation a request is, its input as the model reads it, and everything in it that the model does not have. */
export function checkRequest(request: RawRequest): Checked {
  for (const operation of operations) {
    const labels = matchPath(operation.path, request.path);
    if (labels !== null && operation.method === request.method) return readInput(operation, request, labels);
  }
  return { name: '', input: {}, faults: [`the model has no ${request.method} ${request.path}`] };
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const names: string[] = [];
  const source = pattern.replace(/\{(\w+)\+?\}/g, (_whole, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  const found = new RegExp(`^${source}$`).exec(path);
  return found === null ? null : Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')]));
}

function readInput(operation: Operation, request: RawRequest, labels: Record<string, string>): Checked {
  const faults: string[] = [];
  const input: Record<string, unknown> = {};
  const structure = String(operation.input[2]);
  const names = operation.input[4] as string[];
  const members = operation.input[5] as Member[];
  const inBody: string[] = [];
  const query = new Set([...request.query.keys()].filter((name) => name !== 'x-id'));
  for (const [at, name] of names.entries()) {
    const { schema, traits } = split(members[at]);
    if (traits.httpLabel !== undefined) input[name] = labels[name];
    else if (traits.httpHeader !== undefined) {
      const value = request.headers[String(traits.httpHeader)];
      if (value !== undefined) input[name] = String(value);
    } else if (traits.httpQuery !== undefined) {
      const key = String(traits.httpQuery);
      query.delete(key);
      const values = request.query.getAll(key);
      if (values.length > 0) input[name] = typeof schema === 'number' && schema >= 64 ? values : values[0];
      for (const value of values) faults.push(...enumFaults(`${structure}.${name}`, value));
    } else inBody.push(name);
  }
  for (const stray of query) faults.push(`${operation.name} has no query "${stray}"`);
  if (request.body !== '') {
    const { root } = parseXml(request.body);
    if (root.name !== structure) faults.push(`the body is a ${root.name} instead of a ${structure}`);
    Object.assign(input, readStructure(operation.input, root, faults, structure, inBody));
  }
  for (const name of names.slice(0, Number(operation.input[6] ?? 0)))
    if (input[name] === undefined) faults.push(`${structure}.${name} is missing`);
  return { name: operation.name, input, faults };
}

function enumFaults(place: string, value: string): string[] {
  const values = ENUMS[place];
  return values === undefined || Object.values(values).includes(value) ? [] : [`${place} cannot be "${value}"`];
}

function readStructure(
  schema: Schema,
  element: XmlElement,
  faults: string[],
  place: string,
  only?: readonly string[],
): Record<string, unknown> {
  const names = schema[4] as string[];
  const members = schema[5] as Member[];
  const value: Record<string, unknown> = {};
  for (const child of element.children) {
    const at = names.indexOf(child.name);
    if (at < 0 || (only !== undefined && !only.includes(child.name))) {
      faults.push(`${place} has no ${child.name}`);
      continue;
    }
    if (value[child.name] !== undefined) faults.push(`${place}.${child.name} is there twice`);
    value[child.name] = readValue(split(members[at]).schema, child, faults, `${String(schema[2])}.${child.name}`);
  }
  if (only === undefined) {
    for (const name of names.slice(0, Number(schema[6] ?? 0))) if (value[name] === undefined) faults.push(`${place}.${name} is missing`);
  }
  return value;
}

function readValue(schema: unknown, element: XmlElement, faults: string[], place: string): unknown {
  if (Array.isArray(schema)) {
    if (schema[0] === STRUCTURE) return readStructure(schema, element, faults, place);
    if (schema[0] === LIST) return element.children.map((child) => readValue(split(schema[4]).schema, child, faults, place));
    faults.push(`${place} is of a kind this check does not know`);
    return undefined;
  }
  const kind = Number(schema);
  if (kind >= 64) return element.children.map((child) => readValue(kind - 64, child, faults, place));
  const { text } = element;
  if (element.children.length > 0) faults.push(`${place} is no plain value`);
  if (kind === 1 && !/^-?\d+$/.test(text)) faults.push(`${place} is no number: "${text}"`);
  if (kind === 2 && !/^(true|false)$/.test(text)) faults.push(`${place} is neither true nor false: "${text}"`);
  if (kind === 4 && Number.isNaN(Date.parse(text))) faults.push(`${place} is no time: "${text}"`);
  faults.push(...enumFaults(place, text));
  return kind === 1 ? Number(text) : kind === 2 ? text === 'true' : text;
}
