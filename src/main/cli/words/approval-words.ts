import type { Approval, Approver, OwnKey } from '../../../contract/approval.ts';
import type { Limits } from '../../../contract/plan.ts';
import { formatBytes, formatCount, formatInstant, formatMoney } from '../../../core/report/format.ts';
import { facts, paragraphs, table } from './table.ts';

export function keysWords(keys: readonly OwnKey[]): string {
  if (keys.length === 0) return 'There is no signing key on this machine. Make one with: isotherm keys --make NAME';
  return paragraphs(
    table(
      [
        { title: 'Key', of: (key) => key.keyId },
        { title: 'Name', of: (key) => key.name },
        { title: 'Made', of: (key) => formatInstant(key.madeAt) },
        { title: 'Passphrase', of: (key) => (key.isLocked ? 'yes' : 'no') },
      ],
      keys,
    ),
    'To let a workspace take its approvals: isotherm approvers --index FILE --add "LINE", with the line of the key:',
    keys.map(({ line }) => line).join('\n'),
  );
}

export function approversWords(approvers: readonly Approver[]): string {
  if (approvers.length === 0) return 'The workspace lists no approver.';
  return table(
    [
      { title: 'Key', of: (approver) => approver.keyId },
      { title: 'Name', of: (approver) => approver.name },
      { title: 'Added', of: (approver) => formatInstant(approver.addedAt) },
    ],
    approvers,
  );
}

const orNone = (value: number | null, of: (value: number) => string): string => (value === null ? 'no limit' : of(value));

export const limitsWords = (limits: Limits): string =>
  facts([
    ['Deletes at most, of the bytes', orNone(limits.maxDestroyedPercent, (percent) => `${percent} %`)],
    ['Deletes at most, versions', orNone(limits.maxDestroyedVersions, formatCount)],
    ['Snapshot at most, hours old', orNone(limits.maxSnapshotAgeHours, formatCount)],
    ['A second person above, deleted', orNone(limits.approveAboveBytes, formatBytes)],
    ['A second person above, one-time', limits.approveAboveNanoUsd === null ? 'no limit' : formatMoney(limits.approveAboveNanoUsd)],
    ['Cool-off, hours', orNone(limits.coolOffHours, formatCount)],
  ]);

export const approvalWords = (approval: Approval, path: string): string =>
  paragraphs(
    facts([
      ['Approved', `${approval.bucket}: ${formatCount(approval.versions)} versions, ${formatBytes(approval.bytes)} would be deleted`],
      ['By', `${approval.approver.name} (${approval.approver.keyId})`],
      ['Plan', approval.planHash],
      ['Expires', formatInstant(approval.expiresAt)],
      ['Written to', path],
    ]),
    'Hand the file to the author of the plan, who applies it with --approval.',
  );
