import type { Snapshot } from '../../contract/index-views.ts';
import { formatInstant } from '../../core/report/format.ts';
import { useQuery } from '../state/query.ts';
import { usePricedAt, useSession } from '../state/session.ts';
import { staleness } from '../state/staleness.ts';
import { useMinute } from './use-minute.ts';

/** The snapshot shown and its age; a choice when the index holds several. */
export function SnapshotChip({ snapshot }: { snapshot: Snapshot }) {
  const snapshots = useSession((state) => state.snapshots);
  const choose = useSession((state) => state.chooseSnapshot);
  const age = staleness(snapshot.asOf, useMinute(), snapshot.isSample);
  const kind = snapshot.sourceKind === 'inventory' ? 'Inventory' : 'Listing';
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
                {sourceKind === 'inventory' ? 'Inventory' : 'Listing'} {asOf.slice(0, 10)} {bucket === snapshot.bucket ? '' : bucket}
              </option>
            ))}
        </select>
      )}
      <span className="chip-age">{partial ? `${age.words}, read in part` : age.words}</span>
    </span>
  );
}

/** The price list behind every figure, and whether its region is an assumption. */
export function PriceChip() {
  const at = usePricedAt();
  const info = useSession((state) => state.info);
  const region = useSession((state) => state.region);
  const chooseRegion = useSession((state) => state.chooseRegion);
  const { data } = useQuery('index.summary', at === null ? null : { ...at, by: 'category' });
  if (data === undefined || info === undefined) return null;
  const { prices } = data;
  return (
    <span
      className="chip"
      title={`List prices of ${prices.asOf}${prices.assumed ? '; the bucket’s region is not known, this one is assumed' : ''}`}
    >
      <select aria-label="Region to price" value={region ?? prices.region} onChange={(event) => chooseRegion(event.target.value)}>
        {info.priceRegions.map(({ region: id, name }) => (
          <option key={id} value={id} title={name}>
            {id}
          </option>
        ))}
      </select>
      <span className="chip-age">prices {prices.asOf}</span>
      {prices.assumed ? <span className="warn">assumed</span> : null}
    </span>
  );
}
