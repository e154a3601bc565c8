import { type AppError, appError } from '../../contract/errors.ts';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True for "there is no such file", false for every other trouble. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A failed read of a file or folder in our words. */
export function readFailure(error: unknown, file: string): AppError {
  const code = codeOf(error);
  const words = isMissing(error) ? 'does not exist' : code === 'EACCES' || code === 'EPERM' ? 'may not be read' : 'could not be read';
  return appError('FileUnreadable', `${file} ${words}.`, { file, detail: String(error) });
}

/** A failed write of a file or folder in our words. */
export function writeFailure(error: unknown, file: string): AppError {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return appError('DiskFull', `There is no space left to write ${file}.`, { file, detail: String(error) });
  const words = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'may not be written' : 'could not be written';
  return appError('FileUnwritable', `${file} ${words}.`, { file, detail: String(error) });
}
