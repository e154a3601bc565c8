import * as v from 'valibot';
import { type LifecycleConfiguration, LifecycleConfigurationSchema, MINIMUM_SIZES, type MinimumSize } from '../../../contract/lifecycle.ts';
import type { PolicyIssue } from '../../../contract/policy-check.ts';
import { isObject, type RawPolicy } from '../formats/document.ts';
import { nameOf, wholeIssue } from './issue.ts';

/** A policy whose elements are S3's and of the right types. `minimumSize` null: the file says nothing about small objects. */
export interface PolicyDocument {
  readonly configuration: LifecycleConfiguration;
  readonly minimumSize: MinimumSize;
}

export type Shaped = { readonly document: PolicyDocument | null; readonly issues: readonly PolicyIssue[] };

/** What S3's schema would refuse (MalformedXML): elements it does not know, values of another kind, elements that are missing. */
export function shapeOf(raw: RawPolicy): Shaped {
  const issues: PolicyIssue[] = [];
  const minimumSize = MINIMUM_SIZES.find((name) => name === raw.minimumSize) ?? null;
  if (raw.minimumSize !== undefined && minimumSize === null) {
    issues.push(
      wholeIssue(
        'TransitionDefaultMinimumObjectSize',
        'minimum-size-unknown',
        'InvalidRequest',
        `TransitionDefaultMinimumObjectSize: S3 knows no setting ${shown(raw.minimumSize)}.`,
        `Write ${MINIMUM_SIZES.join(' or ')}, or leave it out.`,
      ),
    );
  }
  if (raw.configuration === null) return { document: { configuration: { Rules: [] }, minimumSize }, issues };
  const parsed = v.safeParse(LifecycleConfigurationSchema, raw.configuration);
  if (parsed.success) return { document: { configuration: parsed.output, minimumSize }, issues };
  issues.push(...parsed.issues.map((issue) => shapeIssue(issue, raw.configuration)));
  return { document: null, issues };
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

function shapeIssue(issue: v.BaseIssue<unknown>, configuration: unknown): PolicyIssue {
  const keys = (issue.path ?? []).map((item) => item.key);
  const path = keys.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('');
  const index = keys[0] === 'Rules' && typeof keys[1] === 'number' ? keys[1] : null;
  const rules = isObject(configuration) && Array.isArray(configuration.Rules) ? (configuration.Rules as unknown[]) : [];
  const rule = index === null ? undefined : rules[index];
  const id = isObject(rule) && typeof rule.ID === 'string' ? { ID: rule.ID } : {};
  const field = path.replace(/^Rules\[\d+\]\.?/, '');
  const where = index === null ? path || 'The policy' : `${nameOf(id, index)}${field === '' ? '' : `, ${field}`}`;
  const name = String(keys.at(-1) ?? '');
  const [words, fix] = wordsFor(issue, name, index !== null && keys.length === 3 && name === 'Status');
  return wholeIssue(path, 'malformed', 'MalformedXML', `${where}: ${words}.`, fix);
}

function wordsFor(issue: v.BaseIssue<unknown>, name: string, isStatus: boolean): readonly [words: string, fix: string] {
  if (issue.expected === 'never') return [`S3 has no element "${name}" here`, 'Leave it out, or correct its name.'];
  if (issue.input === undefined) return ['the element is missing', `Add ${name}.`];
  if (isStatus) return [`the status is ${shown(issue.input)}`, 'Write Enabled or Disabled.'];
  if (issue.kind === 'validation') return [`${shown(issue.input)} is not a whole number`, 'Write a whole number.'];
  return [`${shown(issue.input)} is not what stands here`, `Write ${issue.expected ?? 'another value'}.`];
}
