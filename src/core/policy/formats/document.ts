import type { PolicyFormat } from '../../../contract/policy-formats.ts';

/**
 * What a file says in the SDK's spelling, before anything is checked: `configuration` should be `{ Rules: [...] }`, and
 * null says that there is none; `minimumSize` should be a TransitionDefaultMinimumObjectSize, and undefined says nothing was said.
 */
export interface RawPolicy {
  readonly format: PolicyFormat;
  readonly configuration: unknown;
  readonly minimumSize: unknown;
}

export type Json = { readonly [key: string]: unknown };
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object without the members that are undefined, so that absent stays absent. */
export const present = (members: Json): Json => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Formats other than JSON carry numbers as text: a whole number becomes one, anything else stays as it is to be refused by name. */
export const wholeOr = (value: unknown): unknown =>
  typeof value === 'string' && /^[+-]?\d{1,16}$/.test(value.trim()) ? Number(value) : value;

export const booleanOr = (value: unknown): unknown => {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
  return text === 'true' ? true : text === 'false' ? false : value;
};
