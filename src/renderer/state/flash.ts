import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';

/** One line above the view: what happened, what it means, what to do. Failures stay until they are dismissed. */
export interface FlashLine {
  readonly id: number;
  readonly tone: 'bad' | 'warn' | 'note';
  readonly title: string;
  readonly consequence: string | undefined;
  readonly error: AppError | undefined;
}

interface Flash {
  readonly lines: readonly FlashLine[];
  fail(error: AppError, title: string, consequence?: string): void;
  warn(title: string): void;
  note(title: string): void;
  dismiss(id: number): void;
}

const NOTE_MS = 8000;
const MOST_LINES = 4;
let nextId = 1;

export const useFlash = create<Flash>()((set) => {
  const add = (line: Omit<FlashLine, 'id'>): number => {
    const id = nextId++;
    // The same words twice say no more than once.
    set(({ lines }) => ({ lines: [...lines.filter((known) => known.title !== line.title), { ...line, id }].slice(-MOST_LINES) }));
    return id;
  };
  const dismiss = (id: number) => set(({ lines }) => ({ lines: lines.filter((line) => line.id !== id) }));
  return {
    lines: [],
    fail: (error, title, consequence) => {
      if (error.code !== 'Cancelled') add({ tone: 'bad', title, consequence, error });
    },
    warn: (title) => add({ tone: 'warn', title, consequence: undefined, error: undefined }),
    note: (title) => {
      const id = add({ tone: 'note', title, consequence: undefined, error: undefined });
      setTimeout(() => dismiss(id), NOTE_MS);
    },
    dismiss,
  };
});
