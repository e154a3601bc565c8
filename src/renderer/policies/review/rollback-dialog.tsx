import { useState } from 'react';
import type { JournalEntry } from '../../../contract/journal.ts';
import { formatInstant } from '../../../core/report/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useReview } from './use-review.ts';

/** Puts back what a bucket had before an entry of the journal, once its name was typed. */
export function RollbackDialog({ entry, onClose }: { entry: JournalEntry; onClose: () => void }) {
  const rollback = useReview((state) => state.rollback);
  const [typed, setTyped] = useState('');
  const rules = entry.before.configuration?.Rules.length ?? 0;
  const matches = typed === entry.bucket;
  return (
    <Dialog title={`Roll back ${entry.bucket}`} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!matches) return;
          onClose();
          void rollback(entry);
        }}
      >
        <div className="dialog-body">
          <p>
            The configuration of {formatInstant(entry.at)}, before this entry, would be put back:{' '}
            {rules === 0 ? 'no rules at all' : `${rules} ${rules === 1 ? 'rule' : 'rules'}`}. It is read back and compared by meaning.
          </p>
          <p className="strong">Bytes that rules deleted in between cannot be restored.</p>
          <label className="field">
            <span>
              Type <code>{entry.bucket}</code> to allow the rollback
            </span>
            <input
              className="input mono"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              spellCheck={false}
              autoComplete="off"
            />
          </label>
        </div>
        <div className="dialog-foot">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button kind="danger" type="submit" disabled={!matches}>
            Roll back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
