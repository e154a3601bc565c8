import type { AppError } from '../../contract/errors.ts';
import { printable } from './words/table.ts';

/** A failure as a person reads it: what, where, the system's own words, what next. */
export function failureWords(error: AppError): string {
  const where = [
    ...(error.file === undefined ? [] : [`file ${error.file}`]),
    ...(error.row === undefined ? [] : [`row ${error.row}`]),
    ...(error.field === undefined ? [] : [`field ${error.field}`]),
  ].join(', ');
  return [
    `${error.code}: ${printable(error.message)}`,
    ...(where === '' ? [] : [`  In ${printable(where)}.`]),
    ...(error.detail === undefined ? [] : [`  ${printable(error.detail)}`]),
    `  ${printable(error.next)}`,
  ].join('\n');
}
