import { type FormEvent, useState } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { EvidenceBuilt, EvidenceCheck } from '../../contract/evidence.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { ErrorNote } from '../components/states.tsx';
import { runJob } from '../state/jobs.ts';
import { useQuery } from '../state/query.ts';
import { useSession, useSnapshot } from '../state/session.ts';
import { useDuties } from './state.ts';
import type { Subject } from './use-subject.ts';

type Outcome =
  | { readonly kind: 'built'; readonly bundle: EvidenceBuilt }
  | { readonly kind: 'checked'; readonly file: string; readonly check: EvidenceCheck }
  | { readonly kind: 'failed'; readonly error: AppError; readonly title: string };

/** The statements with all they rest on as one file that anybody can check again without the index, the bucket or a network. */
export function EvidencePanel({ subject }: { subject: Subject }) {
  const dataDir = useSession((state) => state.info?.dataDir ?? '.');
  const snapshot = useSnapshot();
  const { statements, file: schedules } = useDuties();
  const keys = useQuery('keys.list', {});
  const [typed, setTyped] = useState<string>();
  const [keyId, setKeyId] = useState<string>();
  const [passphrase, setPassphrase] = useState('');
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setIsBusy] = useState(false);
  const separator = dataDir.includes('\\') ? '\\' : '/';
  const path = typed ?? `${dataDir}${separator}evidence-${snapshot?.bucket ?? 'bucket'}-${timeName(new Date())}.zip`;
  const key = keys.data?.find((own) => own.keyId === keyId) ?? (keyId === undefined ? keys.data?.[0] : undefined);
  const { asked } = subject;
  const build = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (asked === null) return;
    setIsBusy(true);
    const built = await runJob(
      'evidence.build',
      {
        ...asked,
        out: path.trim(),
        statements: [...statements],
        ...(schedules === null ? {} : { schedules }),
        ...(key === undefined ? { unsigned: true } : { keyId: key.keyId, ...(key.isLocked ? { passphrase } : {}) }),
      },
      'Writing the evidence bundle',
    );
    setIsBusy(false);
    setPassphrase('');
    setTyped(built.ok ? built.value.file : path);
    setOutcome(
      built.ok ? { kind: 'built', bundle: built.value } : { kind: 'failed', error: built.error, title: 'The bundle was not written.' },
    );
  };
  const verify = async (): Promise<void> => {
    setIsBusy(true);
    const checked = await runJob('evidence.verify', { file: path.trim() }, 'Checking the bundle');
    setIsBusy(false);
    setOutcome(
      checked.ok
        ? { kind: 'checked', file: path.trim(), check: checked.value }
        : { kind: 'failed', error: checked.error, title: 'The bundle could not be checked.' },
    );
  };
  return (
    <Panel title="Evidence bundle" note="can be checked without Isotherm’s index or a network" className="evidence">
      <ScrollArea label="Evidence bundle" className="fill">
        {outcome === undefined ? (
          <p className="t2">
            {formatCount(statements.length)} {statements.length === 1 ? 'statement' : 'statements'}
            {schedules === null
              ? ''
              : ` and ${formatCount(schedules.schedules.length)} ${schedules.schedules.length === 1 ? 'duty' : 'duties'}`}{' '}
            with the configuration, the snapshot’s record and every witness, as one file with a hash over each part.
          </p>
        ) : (
          <OutcomeNote outcome={outcome} />
        )}
      </ScrollArea>
      <form className="stack" onSubmit={(event) => void build(event)}>
        <label className="field">
          <span>File on this machine</span>
          <input
            className="input mono"
            value={path}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        {(keys.data?.length ?? 0) === 0 ? null : (
          <div className="field-row">
            <label className="field">
              <span>Signed by</span>
              <select className="input" value={key?.keyId ?? ''} onChange={(event) => setKeyId(event.target.value)}>
                {keys.data?.map(({ keyId: id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
                <option value="">nobody</option>
              </select>
            </label>
            {key?.isLocked ? (
              <label className="field">
                <span>Passphrase</span>
                <input
                  className="input"
                  type="password"
                  value={passphrase}
                  autoComplete="off"
                  onChange={(event) => setPassphrase(event.target.value)}
                />
              </label>
            ) : null}
          </div>
        )}
        <div className="row">
          <Button kind="primary" type="submit" disabled={isBusy || asked === null || (statements.length === 0 && schedules === null)}>
            Export bundle
          </Button>
          <Button disabled={isBusy || path.trim() === ''} onClick={() => void verify()}>
            Verify a bundle
          </Button>
          {key === undefined ? <span className="t3">not signed</span> : null}
        </div>
      </form>
    </Panel>
  );
}

/** "2026-11-24-1930" */
const timeName = (now: Date): string => now.toISOString().slice(0, 16).replace('T', '-').replace(':', '');

function OutcomeNote({ outcome }: { outcome: Outcome }) {
  if (outcome.kind === 'failed') return <ErrorNote error={outcome.error} title={outcome.title} />;
  if (outcome.kind === 'built') {
    const { bundle } = outcome;
    return (
      <div role="status">
        <p>
          <Badge tone="ok">written</Badge> {formatBytes(bundle.sizeBytes)}, root{' '}
          <code title={bundle.root}>
            {bundle.root.slice(0, 4)}…{bundle.root.slice(-4)}
          </code>
          {bundle.signer === null ? ', not signed' : `, signed by ${bundle.signer.name}`}
        </p>
        <table className="bundle-files">
          <tbody>
            {bundle.files.map(({ name, sizeBytes }) => (
              <tr key={name}>
                <td className="mono">{name}</td>
                <td className="num">{formatBytes(sizeBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="mono t2 evidence-command">isotherm verify-evidence {bundle.file}</p>
      </div>
    );
  }
  const { check } = outcome;
  return (
    <div role="status">
      <p>
        <Badge tone={check.ok ? 'ok' : 'bad'}>{check.ok ? 'holds' : 'does not hold'}</Badge>{' '}
        {check.signer === null ? 'not signed' : `signed by ${check.signer.name}`}; {formatCount(check.redecided.statements)} answers decided
        again
        {check.redecided.differing.length === 0 ? ', all the same' : `, ${check.redecided.differing.join(', ')} came out otherwise`}
      </p>
      <ul className="plain-list">
        {check.faults.map(({ where, words }) => (
          <li key={`${where} ${words}`} className="bad">
            <bdi>
              {where}: {words}
            </bdi>
          </li>
        ))}
        {check.notes.map((words) => (
          <li key={words} className="t2">
            {words}
          </li>
        ))}
      </ul>
    </div>
  );
}
