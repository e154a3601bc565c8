import type * as v from 'valibot';

/** Where in a value a schema issue lies, as people write it: `source.location`, `policy.Rules[0].ID`; undefined for the value itself. */
export function fieldPath(issue: v.BaseIssue<unknown>): string | undefined {
  let path = '';
  for (const item of issue.path ?? []) {
    if (typeof item.key === 'number') path += `[${item.key}]`;
    else path += path === '' ? String(item.key) : `.${String(item.key)}`;
  }
  return path === '' ? undefined : path;
}
