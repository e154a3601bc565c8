import { useRef, useState } from 'react';
import * as v from 'valibot';
import { type Coverage, ScheduleFileSchema } from '../../contract/retention.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { client } from '../api/client.ts';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState, ErrorNote, Waiting } from '../components/states.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { useFlash } from '../state/flash.ts';
import { useQuery } from '../state/query.ts';
import { saveText } from '../state/save-text.ts';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { putFile, removeSchedule, useDuties } from './state.ts';
import type { Subject } from './use-subject.ts';
import { VerdictChip } from './verdict.tsx';

const MOST_FILE_BYTES = 4 * 1024 * 1024;
const MOST_GAPS = 8;

/** Duties against places: from when a version there can be removed, and whether that is allowed. */
export function CoveragePanel({ subject }: { subject: Subject }) {
  const { file } = useDuties();
  const [isOpen, setIsOpen] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const { asked } = subject;
  const { data, error, retry } = useQuery('retention.coverage', asked === null || file === null ? null : { ...asked, file });
  const load = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const parsed = chosen.size > MOST_FILE_BYTES ? undefined : v.safeParse(ScheduleFileSchema, json(await chosen.text()));
    if (parsed?.success) return putFile(parsed.output);
    const message = `${chosen.name} is not a file of retention schedules.`;
    useFlash.getState().fail({ code: 'FileUnreadable', message, next: 'Choose a file that "isotherm retention" or Save wrote.' }, message);
  };
  return (
    <Panel
      title="Retention coverage"
      bleed
      note={file === null ? undefined : 'from which day after the write a version there can be removed'}
      action={
        <span className="row">
          <Button kind="quiet" onClick={() => picker.current?.click()}>
            Open a file
          </Button>
          <input
            ref={picker}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={(event) => {
              void load(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
          {file === null ? null : (
            <Button kind="quiet" onClick={() => saveText('retention.json', `${JSON.stringify(file, null, 2)}\n`, 'application/json')}>
              Save
            </Button>
          )}
          <Button kind="quiet" onClick={() => setIsOpen(true)}>
            Add a duty
          </Button>
        </span>
      }
    >
      {file === null ? (
        <EmptyState title="No retention schedule yet">
          <p>
            A schedule says what has to be kept or gone, and where: “the logs below logs/ at least 184 days”. Eleven laws and standards ship
            with Isotherm as starting points.
          </p>
        </EmptyState>
      ) : error !== undefined ? (
        <div className="inset">
          <ErrorNote error={error} title="The schedules could not be held against the rules." onRetry={retry} />
        </div>
      ) : data === undefined ? (
        <div className="inset">
          <Waiting what="Holding the schedules against rules and versions" />
        </div>
      ) : (
        <ScrollArea label="Retention coverage" className="fill flush">
          <Matrix coverage={data} />
          <Reviewed coverage={data} />
          <Beside coverage={data} />
        </ScrollArea>
      )}
      {isOpen ? <ScheduleDialog onClose={() => setIsOpen(false)} /> : null}
    </Panel>
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function Matrix({ coverage }: { coverage: Coverage }) {
  const { schedules, places, cells } = coverage;
  return (
    <table className="coverage">
      <thead>
        <tr>
          <th scope="col">Duty</th>
          {places.map(({ label }) => (
            <th key={label} scope="col" className="num" title={visibleKey(label)}>
              <bdi>{visibleKey(label)}</bdi>
            </th>
          ))}
          <th scope="col" className="cell-remove">
            <span className="visually-hidden">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {schedules.map(({ id, name, source, minDays, maxDays }) => (
          <tr key={id}>
            <th scope="row" title={source ?? undefined}>
              <bdi>{name}</bdi>
              <span className="t2">
                {minDays === null ? '' : `, min ${formatCount(minDays)} d`}
                {maxDays === null ? '' : `, max ${formatCount(maxDays)} d`}
              </span>
            </th>
            {places.map((place, at) => {
              const cell = cells.find((found) => found.scheduleId === id && found.place === at);
              return (
                <td key={place.label} className="num">
                  {cell === undefined ? (
                    <span className="t3">–</span>
                  ) : (
                    <VerdictChip verdict={cell.verdict}>
                      <span className="visually-hidden">{cell.verdict}, </span>
                      {placeDays(place)}
                    </VerdictChip>
                  )}
                </td>
              );
            })}
            <td className="cell-remove">
              <Button kind="quiet" aria-label={`Remove the duty ${name}`} onClick={() => removeSchedule(id)}>
                ×
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function placeDays({ isKnown, removedFromDays }: Coverage['places'][number]): string {
  if (!isKnown) return 'unknown';
  return removedFromDays === null ? 'never' : `${formatCount(removedFromDays)} d`;
}

/** Who looked at the schedules, and whether they are still what was looked at. */
function Reviewed({ coverage }: { coverage: Coverage }) {
  const { file } = useDuties();
  const [by, setBy] = useState('');
  const { status, by: reviewer, at } = coverage.review;
  const review = async (): Promise<void> => {
    if (file === null) return;
    const answer = await client.call('retention.review', { file, by: by.trim() });
    if (answer.ok) putFile(answer.value);
    else useFlash.getState().fail(answer.error, 'The schedules could not be marked as reviewed.');
  };
  return (
    <form
      className="row coverage-review"
      onSubmit={(event) => {
        event.preventDefault();
        void review();
      }}
    >
      {status === 'reviewed' ? (
        <span>
          <Badge tone="ok">reviewed</Badge> by <bdi>{reviewer}</bdi> on {at?.slice(0, 10)}
        </span>
      ) : (
        <>
          <span>
            {status === 'changed' ? (
              <>
                <Badge tone="warn">changed</Badge> since <bdi>{reviewer}</bdi> reviewed them
              </>
            ) : (
              <Badge>not reviewed</Badge>
            )}
          </span>
          <input
            className="input"
            aria-label="Reviewed by"
            placeholder="your name"
            value={by}
            maxLength={100}
            onChange={(event) => setBy(event.target.value)}
          />
          <Button type="submit" disabled={by.trim() === ''}>
            Mark as reviewed
          </Button>
        </>
      )}
    </form>
  );
}

/** What contradicts, and what lies under no duty at all. */
function Beside({ coverage }: { coverage: Coverage }) {
  const { conflicts, gaps } = coverage;
  return (
    <div className="coverage-beside">
      {conflicts.length === 0 ? null : (
        <>
          <h3 className="bad">These cannot both be met</h3>
          <ul className="plain-list">
            {conflicts.map(({ first, second, label, words }) => (
              <li key={`${first} ${second} ${label}`}>
                <bdi>{words}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
      {gaps === null || gaps.length === 0 ? null : (
        <p className="t2">
          Under no duty:{' '}
          {gaps.slice(0, MOST_GAPS).map(({ prefix, bytes }, at) => (
            <span key={prefix}>
              {at === 0 ? '' : ', '}
              <bdi className="mono">{visibleKey(prefix) || 'the top of the bucket'}</bdi> {formatBytes(bytes)}
            </span>
          ))}
          {gaps.length > MOST_GAPS ? ` and ${formatCount(gaps.length - MOST_GAPS)} more` : ''}
        </p>
      )}
    </div>
  );
}
