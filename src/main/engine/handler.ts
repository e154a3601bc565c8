import type { Progress } from '../../contract/frames.ts';
import type { MethodName, Params, ResultOf } from '../../contract/methods.ts';
import type { Result } from '../../contract/result.ts';
import type { PauseSignal } from '../../core/wire/transport.ts';
import type { TrinoCredentials } from '../remote-sql/trino.ts';

/** What the engine is given by its shell. Nothing below a shell reads the environment or the clock by itself. */
export interface EngineEnvironment {
  readonly version: string;
  /** Where the sample workspace and the journal live. */
  readonly dataDir: string;
  /** The shipped price list and classification rules. */
  readonly resourcesDir: string;
  readonly now: () => Date;
  /** Secrets for a Trino server, from the environment of the shell. */
  readonly trino?: TrinoCredentials;
  /** The person at the keyboard, as the audit trail names them; nobody in particular where it is absent. */
  readonly person?: string;
}

export interface CallContext {
  readonly environment: EngineEnvironment;
  readonly signal: AbortSignal;
  /** Set while the person wants a heavy call to hold still; the thread it runs in sees to it. */
  readonly pause?: PauseSignal;
  /** May be called as often as wanted; the dispatcher lets at most four a second through, and always the last. */
  readonly progress: (progress: Progress) => void;
}

export type Handler<M extends MethodName> = (params: Params<M>, context: CallContext) => Promise<Result<ResultOf<M>>>;
export type Handlers<M extends MethodName = MethodName> = { readonly [K in M]: Handler<K> };
