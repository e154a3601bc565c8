import type { EvidenceBuilt, EvidenceCheck } from '../../../contract/evidence.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { facts, list, paragraphs, printable, table } from './table.ts';

const signerWords = (signer: EvidenceBuilt['signer']): string => (signer === null ? 'nobody' : `${signer.name} (key ${signer.keyId})`);

const countWords = ({ PROVED, COUNTEREXAMPLE, INSUFFICIENT }: EvidenceBuilt['counts']): string =>
  `${formatCount(PROVED)} proved, ${formatCount(COUNTEREXAMPLE)} with a counterexample, ${formatCount(INSUFFICIENT)} open`;

export function evidenceBuiltWords(built: EvidenceBuilt): string {
  return paragraphs(
    table(
      [
        { title: 'File', of: (file) => file.name },
        { title: 'Bytes', align: 'right', of: (file) => formatBytes(file.sizeBytes) },
        { title: 'SHA-256', of: (file) => file.sha256 },
      ],
      built.files,
    ),
    facts([
      ['Statements', countWords(built.counts)],
      ['Root', built.root],
      ['Before it', built.previousRoot ?? 'none: the first of its chain'],
      ['Signed by', signerWords(built.signer)],
      ['Written to', built.file],
    ]),
    `Check it with: isotherm verify-evidence ${printable(built.file)}`,
  );
}

export function evidenceCheckWords(check: EvidenceCheck): string {
  const { manifest } = check;
  return paragraphs(
    check.ok ? 'Every byte is as it was made.' : '',
    list(
      'NOT as it was made',
      check.faults.map(({ where, words, offset }) => `${where}: ${words}${offset === null ? '' : ` (byte ${formatCount(offset)})`}`),
    ),
    facts([
      ['Root', check.root ?? 'cannot be read'],
      ['Before it', check.previousRoot ?? 'none'],
      ['Signed by', signerWords(check.signer)],
      ...(manifest === null
        ? []
        : ([
            ['About', `${manifest.title}, bucket ${manifest.bucket}`],
            ['Made', `${formatInstant(manifest.createdAt)} by Isotherm ${manifest.appVersion}`],
            ['Statements', countWords(manifest.counts)],
          ] as const)),
      [
        'Decided again',
        `${formatCount(check.redecided.statements)} answers over any key, ${formatCount(check.redecided.differing.length)} otherwise`,
      ],
    ]),
    list('Notes', check.notes),
  );
}
