import type { Proof } from '../../contract/prove.ts';
import { csvLine } from '../report/delimited.ts';

const COLUMNS = [
  'statement',
  'half',
  'key',
  'keyShape',
  'versionId',
  'state',
  'sizeFromBytes',
  'sizeToBytes',
  'ruleId',
  'ageDays',
  'date',
  'versions',
  'bytes',
  'words',
];

/** `witnesses.csv` of a bundle: one line for every counterexample. */
export function witnessLines(proofs: readonly Proof[]): string {
  const lines = [csvLine(COLUMNS)];
  for (const { statement, any, existing } of proofs) {
    for (const [half, part] of [
      ['any', any],
      ['existing', existing],
    ] as const) {
      const shown = part?.counterexample;
      if (!shown) continue;
      const { key, keyShape, versionId, state, sizeFrom, sizeTo, ruleId, ageDays, date, versions, bytes, words } = shown;
      lines.push(
        csvLine([
          statement.id,
          half,
          key,
          keyShape ?? '',
          versionId ?? '',
          state,
          sizeFrom,
          sizeTo ?? '',
          ruleId ?? '',
          ageDays ?? '',
          date ?? '',
          versions ?? '',
          bytes ?? '',
          words,
        ]),
      );
    }
  }
  return lines.join('');
}
