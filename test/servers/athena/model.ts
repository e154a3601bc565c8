import * as athena from '@aws-sdk/client-athena';

/**
 * The SDK's own description of Athena's messages, as its serializer reads it: structures are [3, namespace, name, traits,
 * members, types, how many are required], operations [9, …, input, output]; 64 | x is a list and 128 | x a map of x.
 */
type Simple = number | readonly unknown[];
type Schema = Simple | (() => Schema);
const LIST = 64;
const MAP = 128;

/** What a message has that the model does not know, lacks that it requires, or spells otherwise; empty where it fits. */
export function misfits(operation: string, side: 'input' | 'output', message: unknown): string[] {
  const described = (athena as unknown as Record<string, readonly unknown[]>)[`${operation}$`];
  if (!described) return [`the model knows no operation ${operation}`];
  return check(message, described[side === 'input' ? 4 : 5] as Schema, operation);
}

function check(value: unknown, given: Schema, path: string): string[] {
  if (typeof given === 'function') return check(value, given(), path);
  const schema: Simple = given;
  if (typeof schema === 'number') return checkSimple(value, schema, path);
  const [type] = schema;
  // A type with traits of its own.
  if (schema.length === 2) return check(value, type as Schema, path);
  if (type === 1) return checkList(value, schema[4] as Schema, path);
  if (type !== 3) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no structure`];
  const members = schema[4] as readonly string[];
  const types = schema[5] as readonly Schema[];
  const required = members.slice(0, (schema[6] as number | undefined) ?? 0);
  const found = value as Readonly<Record<string, unknown>>;
  return [
    ...required.filter((member) => found[member] === undefined).map((member) => `${path}.${member} is missing`),
    ...Object.entries(found).flatMap(([member, own]) => {
      const at = members.indexOf(member);
      return at < 0 ? [`${path}.${member} is not in the model`] : check(own, types[at] as Schema, `${path}.${member}`);
    }),
  ];
}

function checkList(value: unknown, of: Schema, path: string): string[] {
  return Array.isArray(value) ? value.flatMap((own, at) => check(own, of, `${path}[${at}]`)) : [`${path} is no list`];
}

const kindOf = (value: unknown): string => typeof value;

function checkSimple(value: unknown, schema: number, path: string): string[] {
  if ((schema & MAP) !== 0) return typeof value === 'object' ? [] : [`${path} is no map`];
  if ((schema & LIST) !== 0) return checkList(value, schema & ~LIST, path);
  const type = { 0: 'string', 1: 'number', 2: 'boolean' }[schema];
  return type === undefined || kindOf(value) === type ? [] : [`${path} is a ${typeof value} where the model has a ${type}`];
}
