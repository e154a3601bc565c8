import { useEffect, useState, useSyncExternalStore } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import type { MethodName, ParamsIn, ResultOf } from '../../contract/methods.ts';
import { client } from '../api/client.ts';

/** What a view knows of one question: nothing yet, an answer, or a failure. `stale` marks the answer to the question before. */
export interface Answer<T> {
  readonly data: T | undefined;
  readonly error: AppError | undefined;
  readonly loading: boolean;
  readonly stale: boolean;
  readonly progress: Progress | undefined;
}

interface Entry {
  state: { data: unknown; error: AppError | undefined; loading: boolean; progress: Progress | undefined };
  watchers: Set<() => void>;
  stop: AbortController;
}

/** Answers of reading methods by method and parameters; a snapshot never changes, so an answer stays true. */
const entries = new Map<string, Entry>();
const MOST_ENTRIES = 400;

const idle = { data: undefined, error: undefined, loading: false, progress: undefined };

/**
 * Asks a reading method and keeps its answer. `params` null asks nothing. A question nobody waits for any more is cancelled;
 * while a new one is under way the last answer stays, marked stale.
 */
export function useQuery<M extends MethodName>(method: M, params: ParamsIn<M> | null): Answer<ResultOf<M>> & { retry: () => void } {
  const key = params === null ? null : `${method} ${JSON.stringify(params)}`;
  const [attempt, setAttempt] = useState(0);
  const state = useSyncExternalStore(
    (changed) => {
      if (key === null || params === null) return () => {};
      // Asked here and not while drawing: subscribing is the moment somebody waits.
      return watch(key, method, params, changed);
    },
    () => (key === null ? idle : (entries.get(key)?.state ?? idle)),
  );
  const [kept, setKept] = useState<unknown>(undefined);
  useEffect(() => {
    if (state.data !== undefined) setKept(state.data);
    if (key === null) setKept(undefined);
  }, [state.data, key]);

  const fresh = state.data as ResultOf<M> | undefined;
  const waiting = key !== null && state.data === undefined && state.error === undefined;
  const retry = () => {
    if (key !== null && params !== null) ask(key, method, params);
    setAttempt(attempt + 1);
  };
  return {
    data: fresh ?? (waiting ? (kept as ResultOf<M> | undefined) : undefined),
    error: state.error,
    loading: waiting,
    stale: fresh === undefined && waiting && kept !== undefined,
    progress: state.progress,
    retry,
  };
}

/** Asks what will likely be wanted soon, unless it is known or asked already. */
export function prefetch<M extends MethodName>(method: M, params: ParamsIn<M>): void {
  const key = `${method} ${JSON.stringify(params)}`;
  if (!entries.has(key)) ask(key, method, params);
}

function watch<M extends MethodName>(key: string, method: M, params: ParamsIn<M>, changed: () => void): () => void {
  let entry = entries.get(key);
  if (entry === undefined || entry.stop.signal.aborted) entry = ask(key, method, params);
  entry.watchers.add(changed);
  return () => {
    const now = entries.get(key);
    now?.watchers.delete(changed);
    entry.watchers.delete(changed);
    // Left without anyone waiting for a moment, an unanswered question is taken back.
    setTimeout(() => {
      if (now !== undefined && now.watchers.size === 0 && now.state.loading) {
        now.stop.abort();
        if (entries.get(key) === now) entries.delete(key);
      }
    }, 50);
  };
}

function ask<M extends MethodName>(key: string, method: M, params: ParamsIn<M>): Entry {
  const before = entries.get(key);
  const entry: Entry = {
    state: { data: undefined, error: undefined, loading: true, progress: undefined },
    watchers: before?.watchers ?? new Set(),
    stop: new AbortController(),
  };
  before?.stop.abort();
  entries.delete(key);
  entries.set(key, entry);
  trim();
  const tell = (change: Partial<Entry['state']>) => {
    if (entry.stop.signal.aborted) return;
    entry.state = { ...entry.state, ...change };
    for (const watcher of entry.watchers) watcher();
  };
  void client
    .call(method, params, { signal: entry.stop.signal, onProgress: (progress) => tell({ progress }) })
    .then((result) => tell(result.ok ? { data: result.value, loading: false } : { error: result.error, loading: false }));
  for (const watcher of entry.watchers) watcher();
  return entry;
}

/** Something was changed that these methods answer by: what is looked at is asked again, the rest when it is wanted. */
export function forgetAnswers(methods: readonly MethodName[]): void {
  for (const [key, entry] of [...entries]) {
    const method = methods.find((name) => key.startsWith(`${name} `));
    if (method === undefined) continue;
    if (entry.watchers.size === 0) entries.delete(key);
    else ask(key, method, JSON.parse(key.slice(method.length + 1)) as never);
  }
}

function trim(): void {
  for (const [key, entry] of entries) {
    if (entries.size <= MOST_ENTRIES) return;
    if (entry.watchers.size === 0) entries.delete(key);
  }
}
