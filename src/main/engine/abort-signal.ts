import type { CancelSignal } from '../../core/wire/transport.ts';

/** A real AbortSignal that follows a CancelSignal; `release` stops following. */
export function toAbortSignal(cancel: CancelSignal): { readonly signal: AbortSignal; readonly release: () => void } {
  if (cancel instanceof AbortSignal) return { signal: cancel, release: () => {} };
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (cancel.aborted) abort();
  cancel.addEventListener('abort', abort);
  return { signal: controller.signal, release: () => cancel.removeEventListener('abort', abort) };
}
