import type { AppError } from './errors.ts';

/** An expected outcome: a value, or a failure a person can act on. Bugs throw instead. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const err = (error: AppError): { readonly ok: false; readonly error: AppError } => ({ ok: false, error });
