import { err, ok, type Result } from '../../contract/result.ts';
import { KINDS, type Kind } from '../../contract/vocabulary.ts';
import { compileGlob, type Glob } from './glob.ts';

/** What a person says of some keys; it goes before every rule. */
export interface Override {
  readonly id: string;
  readonly glob: string;
  readonly kind: Kind;
  /** What is kept or deleted whole: each key alone, or the directory it lies in. */
  readonly unit: 'file' | 'directory';
}

/** What rows and units hold instead of a rule's id. */
export const overrideRuleId = (id: string): string => `override:${id}`;

export interface CompiledOverride extends Override {
  readonly compiled: Glob;
  /** Index into KINDS. */
  readonly kindIndex: number;
}

/** Compiles overrides in their order; the first that matches decides. Usage where a glob cannot be read. */
export function compileOverrides(overrides: readonly Override[]): Result<readonly CompiledOverride[]> {
  const all: CompiledOverride[] = [];
  for (const override of overrides) {
    const compiled = compileGlob(override.glob);
    if (!compiled.ok) return err(compiled.error);
    all.push({ ...override, compiled: compiled.value, kindIndex: KINDS.indexOf(override.kind) });
  }
  return ok(all);
}
