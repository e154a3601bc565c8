import type { JobOperation } from '../../contract/batch-job.ts';
import { formatCount } from '../report/format.ts';

/** "restore 12 versions for 7 days at BULK". */
export function operationInWords(operation: JobOperation, versions: number): string {
  const what = `${formatCount(versions)} ${versions === 1 ? 'version' : 'versions'}`;
  switch (operation.kind) {
    case 'tag':
      return `tag ${what} with ${operation.tags.map(({ key, value }) => `${key}=${value}`).join(', ')}, in place of the tags they have`;
    case 'untag':
      return `take every tag off ${what}`;
    case 'restore':
      return `restore ${what} for ${operation.days} ${operation.days === 1 ? 'day' : 'days'} at ${operation.speed}`;
    case 'retain':
      return `retain ${what} until ${operation.until.slice(0, 10)} under ${operation.mode}${operation.bypassGovernance ? ', bypassing governance' : ''}`;
    case 'hold':
      return `${operation.status === 'ON' ? 'put' : 'lift'} a legal hold on ${what}`;
  }
}

/** What a person types before a job wakes. */
export const jobPhrase = (operation: JobOperation, bucket: string, extent: { readonly versions: number; readonly bytes: number }): string =>
  `${operation.kind} ${extent.versions} versions, ${extent.bytes} bytes in ${bucket}`;
