import type { ProofFacts, ProofPart, Statement } from '../../contract/prove.ts';
import type { Box } from './box.ts';
import { boundOf, type Context, type KnownVersioning, type ProofRule, scopeBox } from './context.ts';
import { goneAny } from './gone.ts';
import { keptAny } from './kept.ts';
import { lockedAny } from './locked.ts';
import { agreed, proved, worse } from './part.ts';
import { untouchedAny } from './untouched.ts';

function decide(statement: Statement, scope: Box, context: Context): ProofPart {
  switch (statement.kind) {
    case 'kept':
      return keptAny(scope, statement, boundOf(statement.until), context);
    case 'gone':
      return goneAny(scope, statement, boundOf(statement.by), context);
    case 'untouched':
      return untouchedAny(scope, statement, context);
    case 'locked':
      return lockedAny(scope, boundOf(statement.until), context);
    case 'within': {
      const kept = keptAny(
        scope,
        { counts: 'removed', overwrites: statement.overwrites },
        { ageDays: statement.minDays, day: null },
        context,
      );
      return worse(kept, goneAny(scope, { uploads: false }, { ageDays: statement.maxDays, day: null }, context));
    }
  }
}

/**
 * Decides a statement for every key, tag set, size and history that could ever be under its scope, by what the filters
 * of the rules can match; for each state of versioning the bucket may be in.
 */
export function proveAnyKey(
  statement: Statement,
  rules: readonly ProofRule[],
  facts: ProofFacts,
  states: readonly KnownVersioning[],
  asOfDay: number,
): ProofPart {
  const scope = scopeBox(statement.scope);
  if (scope === null) return proved('no version can ever match the scope');
  return agreed(
    states.map((versioning) => decide(statement, scope, { rules, asOfDay, facts, versioning })),
    states,
  );
}
