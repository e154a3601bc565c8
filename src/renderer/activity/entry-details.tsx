import type { AuditLine } from '../../contract/journal.ts';
import { formatInstant } from '../../core/report/format.ts';
import { ScrollArea } from '../components/scroll-area.tsx';
import type { Entry } from './entries.ts';

/** All that is known of one line: who, what, and its place in the chain. */
export function EntryDetails({ entry }: { entry: Entry }) {
  return (
    <ScrollArea label="Details of the line" className="fill">
      <p className="strong details-what">
        <bdi>{entry.what}</bdi>
      </p>
      <dl className="kv">
        <Fact name="When">{formatInstant(entry.at)}</Fact>
        <Fact name="State">{entry.undo === undefined ? entry.state : 'can be put back'}</Fact>
        {entry.line === undefined ? null : <LineFacts line={entry.line} />}
      </dl>
      {entry.drift === undefined ? null : (
        <ul className="t2">
          {entry.drift.rules?.words.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {entry.line !== undefined && 'error' in entry.line && entry.line.error !== null ? <p className="bad">{entry.line.error}</p> : null}
    </ScrollArea>
  );
}

function LineFacts({ line }: { line: AuditLine }) {
  return (
    <>
      {line.by === undefined ? null : <Fact name="By">{line.by}</Fact>}
      {'event' in line ? (
        <>
          <Fact name="About" isCode>
            {line.subject}
          </Fact>
          {Object.entries(line.details).map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </>
      ) : (
        <>
          <Fact name="Entry" isCode>
            {line.journalId}
          </Fact>
          {line.planHash === null ? null : (
            <Fact name="Plan" isCode>
              {line.planHash}
            </Fact>
          )}
          <Fact name="Endpoint">{line.endpoint ?? 'AWS'}</Fact>
          {line.consents === undefined || line.consents.length === 0 ? null : <Fact name="Consents">{line.consents.join(', ')}</Fact>}
          {line.approvals === undefined || line.approvals.length === 0 ? null : <Fact name="Approved by">{line.approvals.join(', ')}</Fact>}
        </>
      )}
      <Fact name="Line">{line.sequence}</Fact>
      <Fact name="Hash" isCode>
        {line.hash}
      </Fact>
      <Fact name="After" isCode>
        {line.previousHash}
      </Fact>
    </>
  );
}

function Fact({ name, isCode = false, children }: { name: string; isCode?: boolean; children: string | number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isCode ? 'mono' : ''}>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}
