import './activity.css';
import { useEffect, useState } from 'react';
import type { JournalEntry } from '../../contract/journal.ts';
import { formatInstant } from '../../core/report/format.ts';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { Segmented } from '../components/segmented.tsx';
import { EmptyState, ErrorNote } from '../components/states.tsx';
import { RollbackDialog } from '../policies/review/rollback-dialog.tsx';
import { useJobs } from '../state/jobs.ts';
import { useSession } from '../state/session.ts';
import { DriftPanel } from './drift-panel.tsx';
import { type Entry, entriesOf, type Kind } from './entries.ts';
import { EntryDetails } from './entry-details.tsx';
import { useActivity } from './use-activity.ts';

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'crawl', label: 'Crawls' },
  { value: 'change', label: 'Changes' },
  { value: 'audit', label: 'Plans and keys' },
  { value: 'drift', label: 'Drift' },
] as const;
type Filter = (typeof FILTERS)[number]['value'];

const KINDS: Readonly<Record<Exclude<Filter, 'all'>, readonly Kind[]>> = {
  crawl: ['crawl'],
  change: ['change', 'undo point'],
  audit: ['plan', 'key', 'job'],
  drift: ['drift'],
};

/** What was crawled, planned, applied and undone, and whether buckets still are as they were left. */
export function ActivityView() {
  const { lines, head, error, drifts, read } = useActivity();
  const snapshots = useSession((state) => state.snapshots);
  const jobs = useJobs((state) => state.jobs);
  const past = useJobs((state) => state.past);
  const [filter, setFilter] = useState<Filter>('all');
  const [selected, setSelected] = useState<string>();
  const [asked, setAsked] = useState<JournalEntry>();
  useEffect(() => void read(), [read]);
  const running = jobs.filter(({ endedAtMs }) => endedAtMs === undefined);
  const entries = entriesOf(snapshots, [...running, ...past], lines, drifts);
  const shown = entries.filter(({ kind }) => filter === 'all' || KINDS[filter].includes(kind));
  const chosen = entries.find(({ id }) => id === selected);
  return (
    <div className="view activity">
      <Panel
        title="Activity"
        bleed
        note={
          head === null
            ? 'append-only; nothing was written from this machine yet'
            : `append-only, chain head ${head.slice(0, 4)}…${head.slice(-4)} verified`
        }
        action={<Segmented label="Show" options={FILTERS} value={filter} onChange={setFilter} />}
      >
        <h1 className="visually-hidden">Activity</h1>
        {error === undefined ? null : (
          <div className="inset">
            <ErrorNote error={error} title="The audit trail cannot be trusted." onRetry={() => void read()} />
          </div>
        )}
        {shown.length === 0 ? (
          <EmptyState title="Nothing here yet">
            <p>Crawls, plans, changes to buckets and what they were before stand here once there are any.</p>
          </EmptyState>
        ) : (
          <ScrollArea label="Activity" className="fill flush">
            <table className="activity-table">
              <thead>
                <tr>
                  <th scope="col">When, UTC</th>
                  <th scope="col">Kind</th>
                  <th scope="col">What</th>
                  <th scope="col" className="num">
                    State
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((entry) => (
                  <EntryRow key={entry.id} entry={entry} isSelected={entry.id === selected} onSelect={setSelected} onRestore={setAsked} />
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
      </Panel>
      <div className="view activity-side">
        <Panel title="Details" className="activity-details">
          {chosen === undefined ? <p className="t3">Select a line to see all that is known of it.</p> : <EntryDetails entry={chosen} />}
        </Panel>
        <DriftPanel />
      </div>
      {asked === undefined ? null : <RollbackDialog entry={asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}

function EntryRow({
  entry,
  isSelected,
  onSelect,
  onRestore,
}: {
  entry: Entry;
  isSelected: boolean;
  onSelect: (id: string) => void;
  onRestore: (line: JournalEntry) => void;
}) {
  const { undo } = entry;
  return (
    <tr aria-selected={isSelected} onClick={() => onSelect(entry.id)}>
      <td className="tnum">{formatInstant(entry.at).replace(' UTC', '')}</td>
      <td className="t2">{entry.kind}</td>
      <td>
        <button type="button" className="plain-link row-button ellipsis" title={entry.what} onClick={() => onSelect(entry.id)}>
          <bdi>{entry.what}</bdi>
        </button>
      </td>
      <td className="num">
        {undo === undefined ? (
          <Badge {...(entry.tone === undefined ? {} : { tone: entry.tone })}>{entry.state}</Badge>
        ) : (
          <Button
            kind="quiet"
            aria-label={`Restore the configuration of ${undo.bucket} from before ${formatInstant(undo.at)}`}
            onClick={() => onRestore(undo)}
          >
            {entry.state}
          </Button>
        )}
      </td>
    </tr>
  );
}
