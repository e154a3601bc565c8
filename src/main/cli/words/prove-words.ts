import type { BucketState, Counterexample, Proof, ProofFacts, ProofPart, ProofRun } from '../../../contract/prove.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { facts, list, paragraphs, printable } from './table.ts';

function counterexampleWords(example: Counterexample): string[] {
  const { key, keyShape, versionId, state, sizeFrom, sizeTo, tags } = example;
  const size =
    sizeTo === sizeFrom
      ? formatBytes(sizeFrom)
      : sizeTo === null
        ? `${formatBytes(sizeFrom)} or more`
        : `${formatBytes(sizeFrom)} to ${formatBytes(sizeTo)}`;
  return [
    `${keyShape === null ? 'Key' : 'Such as the key'} ${printable(key)}${keyShape === null ? '' : ` (any of ${printable(keyShape)})`}`,
    `${state}${versionId === null ? '' : `, version ${printable(versionId)}`}${state === 'marker' || state === 'upload' ? '' : `, ${size}`}${tags.map(({ Key, Value }) => `, tagged ${printable(Key)}=${printable(Value)}`).join('')}`,
    printable(example.words),
    ...(example.versions === undefined ? [] : [`${formatCount(example.versions)} of them (${formatBytes(example.bytes ?? 0)})`]),
  ];
}

function partWords(title: string, part: ProofPart | null): string {
  if (part === null) return '';
  return [
    `  ${title}: ${part.verdict}, ${printable(part.basis)}`,
    ...(part.counterexample === null ? [] : counterexampleWords(part.counterexample).map((line) => `      ${line}`)),
    ...part.missing.map((what) => `      needs ${printable(what)}`),
  ].join('\n');
}

export function proofWords(proof: Proof): string {
  const { id, title, source } = proof.statement;
  return [
    `${proof.verdict}  ${printable(id)}${title === undefined ? '' : ` ${printable(title)}`}${source === undefined ? '' : ` (${printable(source)})`}`,
    `  ${printable(proof.words)}`,
    partWords('any key', proof.any),
    partWords('existing versions', proof.existing),
    ...proof.notes.map((note) => `  ${note}`),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function lockWords(lock: ProofFacts['objectLock']): string {
  if (typeof lock === 'string') return lock;
  return lock.defaultRetentionDays === null
    ? 'enabled, no default retention'
    : `enabled, default retention ${lock.defaultRetentionDays} days`;
}

const factLines = (known: ProofFacts): (readonly [string, string])[] => [
  ['Versioning', known.versioning],
  ['Object Lock', lockWords(known.objectLock)],
  ['Replication', known.replication],
  ['Minimum size', known.minimumSize ?? 'none'],
];

export function proofRunWords(run: ProofRun): string {
  const { counts, snapshot, configuration } = run;
  const assumptions = [...new Set(run.proofs.flatMap((proof) => proof.assumptions))];
  return paragraphs(
    ...run.proofs.map(proofWords),
    facts([
      ['Proved', formatCount(counts.PROVED)],
      ['Counterexample', formatCount(counts.COUNTEREXAMPLE)],
      ['Insufficient', formatCount(counts.INSUFFICIENT)],
      ['Configuration put on', run.asOf],
      ['Rules', formatCount(configuration?.Rules.length ?? 0)],
      ...factLines(run.facts),
      ['Snapshot', snapshot === null ? 'none' : `${snapshot.bucket}, ${formatInstant(snapshot.asOf)}, ${formatCount(snapshot.rows)} rows`],
    ]),
    list('Assumptions', assumptions),
  );
}

export function bucketStateWords({ bucket, configuration, facts: known, unknown }: BucketState): string {
  return paragraphs(
    facts([['Bucket', bucket], ['Rules', formatCount(configuration?.Rules.length ?? 0)], ...factLines(known)]),
    list('Not told', unknown),
  );
}
