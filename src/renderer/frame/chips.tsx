import type { Snapshot } from '../../contract/index-views.ts';
import { formatInstant } from '../../core/report/format.ts';
import { useEvidence } from '../state/evidence.ts';
import { useSession } from '../state/session.ts';
import { staleness } from '../state/staleness.ts';
import { useMinute } from './use-minute.ts';

const KINDS = { inventory: 'Inventory', listing: 'Listing', table: 'Table' } as const;

/** The snapshot shown and its age; a choice when the index holds several. */
export function SnapshotChip({ snapshot }: { snapshot: Snapshot }) {
  const snapshots = useSession((state) => state.snapshots);
  const choose = useSession((state) => state.chooseSnapshot);
  const age = staleness(snapshot.asOf, useMinute(), snapshot.isSample);
  const kind = KINDS[snapshot.sourceKind];
  const partial = snapshot.coverage < 1;
  return (
    <span className={`chip ${age.tone}`} title={`${kind} as of ${formatInstant(snapshot.asOf)}, from ${snapshot.source}`}>
      <i className="dot" aria-hidden="true" />
      {snapshots.length < 2 ? (
        <span>
          {kind} {snapshot.asOf.slice(0, 10)}
        </span>
      ) : (
        <select aria-label="Snapshot" value={snapshot.snapshotId} onChange={(event) => choose(event.target.value)}>
          {[...snapshots]
            .sort((a, b) => (a.asOf < b.asOf ? 1 : -1))
            .map(({ snapshotId, sourceKind, bucket, asOf }) => (
              <option key={snapshotId} value={snapshotId}>
                {KINDS[sourceKind]} {asOf.slice(0, 10)} {bucket === snapshot.bucket ? '' : bucket}
              </option>
            ))}
        </select>
      )}
      <span className="chip-age">{partial ? `${age.words}, read in part` : age.words}</span>
    </span>
  );
}

/** What is known of reads: without access logs nothing is, and what is not known is not cold. */
export function EvidenceChip() {
  const evidence = useEvidence();
  if (evidence === undefined || evidence === null || evidence.share === 0) {
    return (
      <span
        className="chip unknown"
        title={`${evidence ? 'The logs that are indexed tell of nothing here.' : 'No access logs or data events are indexed.'} Unknown is not cold: no move rests on a guess about reads.`}
      >
        <i className="hatch square" aria-hidden="true" />
        <span>reads unknown</span>
      </span>
    );
  }
  const { from, to } = evidence;
  return (
    <span className="chip" title={`Access logs from ${from} to ${to}; for the rest nothing is known, which is not cold.`}>
      <span>reads {evidence.words}</span>
    </span>
  );
}
