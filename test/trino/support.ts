import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MethodName, ParamsIn, ResultOf } from '../../src/contract/methods.ts';
import type { Result } from '../../src/contract/result.ts';
import { createDispatch } from '../../src/main/engine/dispatch.ts';
import { HANDLERS } from '../../src/main/engine/handlers/index.ts';
import { RESOURCES } from '../support/index-rows.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');

/** Calls a method as a shell would, heavy ones on this thread too. */
export async function call<M extends MethodName>(method: M, params: ParamsIn<M>, dataDir: string): Promise<Result<ResultOf<M>>> {
  mkdirSync(dataDir, { recursive: true });
  const environment = { version: 'test', dataDir: join(dataDir, 'data'), resourcesDir: RESOURCES, now: () => NOW };
  const dispatch = createDispatch({ environment, handlers: HANDLERS, log: (line) => void process.stderr.write(`${line}\n`) });
  const { signal } = new AbortController();
  return (await dispatch({
    method,
    params,
    signal,
    pause: { paused: false, subscribe: () => () => undefined },
    progress: () => undefined,
  } as never)) as Result<ResultOf<M>>;
}

/** An answer without what tells how a snapshot came about, which differs: the manifest's digest, and that a report is the sample's. */
export const comparable = <T>(answer: Result<T>): Result<T> =>
  JSON.parse(JSON.stringify(answer, (name, value) => (name === 'manifestMd5' || name === 'isSample' ? null : value))) as Result<T>;
