import { type AppError, appError } from '../../contract/errors.ts';

export const cancelled = (): AppError => appError('Cancelled', 'The scan was cancelled.');
