import { useState } from 'react';
import type { JournalEntry } from '../../../contract/journal.ts';
import { formatInstant } from '../../../core/report/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScrollArea } from '../../components/scroll-area.tsx';
import { ErrorNote } from '../../components/states.tsx';
import { latestOutcomes } from './outcomes.ts';
import { RollbackDialog } from './rollback-dialog.tsx';
import { useReview } from './use-review.ts';

const OUTCOMES: Readonly<Record<JournalEntry['outcome'], { words: string; tone?: 'ok' | 'warn' | 'bad' }>> = {
  intent: { words: 'cut off', tone: 'warn' },
  written: { words: 'cut off', tone: 'warn' },
  undoing: { words: 'cut off', tone: 'warn' },
  unknown: { words: 'not known', tone: 'bad' },
  verified: { words: 'verified', tone: 'ok' },
  unchanged: { words: 'unchanged' },
  failed: { words: 'failed', tone: 'bad' },
  rolledBack: { words: 'put back', tone: 'warn' },
  overtaken: { words: 'overtaken', tone: 'warn' },
};

/** What was applied and rolled back, and the way back. */
export function JournalPanel() {
  const { journal, journalError, stage } = useReview();
  const [asked, setAsked] = useState<JournalEntry>();
  const entries = latestOutcomes(journal);
  const busy = stage === 'applying' || stage === 'rollingBack' || stage === 'planning';
  return (
    <Panel title="Journal" note="append-only, times in UTC">
      {journalError !== undefined ? (
        <ErrorNote error={journalError} title="The journal could not be read." />
      ) : entries.length === 0 ? (
        <p className="t3">Nothing was applied from this machine yet.</p>
      ) : (
        <ScrollArea label="Journal" className="fill">
          <ul className="journal">
            {entries.map((entry) => {
              const outcome = OUTCOMES[entry.outcome];
              return (
                <li key={entry.journalId}>
                  <p className="row">
                    <span className="strong ellipsis grow" title={entry.journalId}>
                      {entry.action === 'apply' ? 'Apply to' : 'Roll back'} {entry.bucket}
                    </span>
                    <Badge {...(outcome.tone === undefined ? {} : { tone: outcome.tone })}>{outcome.words}</Badge>
                  </p>
                  <p className="row t2">
                    <span className="grow">{formatInstant(entry.at)}</span>
                    <Button
                      kind="quiet"
                      disabled={busy}
                      onClick={() => setAsked(entry)}
                      aria-label={`Roll back ${entry.bucket} to before ${formatInstant(entry.at)}`}
                    >
                      Roll back
                    </Button>
                  </p>
                  {entry.error === null ? null : <p className="bad">{entry.error}</p>}
                </li>
              );
            })}
          </ul>
        </ScrollArea>
      )}
      {asked === undefined ? null : <RollbackDialog entry={asked} onClose={() => setAsked(undefined)} />}
    </Panel>
  );
}
