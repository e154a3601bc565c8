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

/** Whether a call is to hold still; it may change as often as wanted. */
export interface PauseSignal {
  readonly paused: boolean;
  /** Calls the listener at every change; returns how to stop that. */
  subscribe(listener: () => void): () => void;
}

/** A PauseSignal and the hand that sets it. */
export function createPauseSource(): { readonly signal: PauseSignal; readonly set: (paused: boolean) => void } {
  const listeners = new Set<() => void>();
  let paused = false;
  return {
    signal: {
      get paused() {
        return paused;
      },
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    set: (next) => {
      if (paused === next) return;
      paused = next;
      for (const listener of [...listeners]) listener();
    },
  };
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
