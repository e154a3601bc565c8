import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { MethodName, ParamsIn, ResultOf } from '../../contract/methods.ts';
import { client } from '../api/client.ts';

/**
 * Asks a reading method whenever its parameters change, one question at a time: what changed meanwhile is asked once, with what it
 * is by then. For what follows a thumb being dragged, where answers in between are worth nothing. `stale` while an answer is to come.
 */
export function useLatest<M extends MethodName>(
  method: M,
  params: ParamsIn<M> | null,
  /** Another number asks again: something was changed that the answer hangs on. */
  revision = 0,
): { readonly data: ResultOf<M> | undefined; readonly error: AppError | undefined; readonly stale: boolean; readonly retry: () => void } {
  const [answer, setAnswer] = useState<{ key: string; data: ResultOf<M> | undefined; error: AppError | undefined }>();
  const [attempt, setAttempt] = useState(0);
  const key = params === null ? '' : `${revision} ${JSON.stringify(params)}`;
  const state = useRef({ wanted: '', isAsking: false, isGone: false });

  useEffect(() => {
    const now = state.current;
    now.isGone = false;
    now.wanted = key;
    const ask = async (): Promise<void> => {
      now.isAsking = true;
      while (now.wanted !== '' && !now.isGone) {
        const asked = now.wanted;
        const result = await client.call(method, JSON.parse(asked.slice(asked.indexOf(' ') + 1)) as ParamsIn<M>);
        if (now.isGone) break;
        setAnswer(result.ok ? { key: asked, data: result.value, error: undefined } : { key: asked, data: undefined, error: result.error });
        if (now.wanted === asked) break;
      }
      now.isAsking = false;
    };
    if (key !== '' && !now.isAsking && attempt >= 0) void ask();
  }, [method, key, attempt]);
  useEffect(() => {
    const now = state.current;
    return () => {
      now.isGone = true;
    };
  }, []);
  return {
    data: key === '' ? undefined : answer?.data,
    error: answer?.key === key ? answer.error : undefined,
    stale: answer?.key !== key,
    retry: () => setAttempt((count) => count + 1),
  };
}
