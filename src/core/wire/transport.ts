import type { AppError } from '../../contract/errors.ts';

/**
 * A way to move whole frames in order between a client and the engine. Frames are plain data.
 * Both ends parse what they receive; a transport only carries.
 */
export interface Transport {
  /** May throw when a frame cannot be carried; nothing was sent then. */
  send(frame: unknown): void;
  onMessage(listener: (frame: unknown) => void): void;
  /** Called once, when nothing more can arrive; with a reason where the transport knows one. */
  onClose?(listener: (reason?: AppError) => void): void;
  close?(): void;
}

/** The part of an AbortSignal that this code needs; an AbortSignal fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A CancelSignal and the hand that pulls it. */
export function createCancelSource(): { readonly signal: CancelSignal; readonly cancel: () => void } {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    cancel: () => {
      if (aborted) return;
      aborted = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}
