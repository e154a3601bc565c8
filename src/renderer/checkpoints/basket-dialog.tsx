import { useMemo, useState } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { Compiled } from '../../contract/proposals.ts';
import { formatBytes, formatCount, formatMoney } from '../../core/report/format.ts';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Figure, Figures } from '../components/figures.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { useReview } from '../policies/review/use-review.ts';
import { runJob } from '../state/jobs.ts';
import { useQuery } from '../state/query.ts';
import { navigate } from '../state/route.ts';
import { saveText } from '../state/save-text.ts';
import { usePricedAt, useSession } from '../state/session.ts';
import { type Run, useCheckpoints } from './state.ts';

const MOST_SHOWN = 20;

/** The marked runs as S3 can carry it out: what they come to, the fewest rules and lists that do exactly that, and the way to a plan. */
export function BasketDialog({ runs, onClose }: { runs: readonly Run[]; onClose: () => void }) {
  const at = usePricedAt();
  const dataDir = useSession((state) => state.info?.dataDir ?? '.');
  const tried = useCheckpoints((state) => state.tried);
  const asked = useMemo(
    () =>
      at === null
        ? null
        : {
            ...at,
            // Each run is a proposal of its own where its keep policy lets something go.
            ids: runs.filter(({ stale }) => stale.units > 0).map(({ path }) => `checkpoint:${path}`),
            ...(tried === undefined ? {} : { options: { policy: tried } }),
          },
    [at, runs, tried],
  );
  const { data, error, retry } = useQuery('recommend.basket', asked);
  const [compiled, setCompiled] = useState<Compiled>();
  const [failure, setFailure] = useState<AppError>();
  const [isBusy, setIsBusy] = useState(false);
  const separator = dataDir.includes('\\') ? '\\' : '/';
  const [folder, setFolder] = useState(`${dataDir}${separator}lists`);
  const compile = async (): Promise<void> => {
    if (asked === null) return;
    setIsBusy(true);
    const answer = await runJob('recommend.compile', { ...asked, folder: folder.trim() }, 'Compiling the marked runs');
    setIsBusy(false);
    setCompiled(answer.ok ? answer.value : undefined);
    setFailure(answer.ok ? undefined : answer.error);
  };
  const review = (): void => {
    if (compiled === undefined) return;
    useReview.getState().take({ name: `checkpoints of ${formatCount(runs.length)} runs`, policy: compiled.policy });
    onClose();
    navigate({ view: 'policies', review: true });
  };
  return (
    <Dialog title="Checkpoints that would go" onClose={onClose}>
      <div className="dialog-body">
        {error !== undefined ? (
          <ErrorNote error={error} title="The marked runs could not be added up." onRetry={retry} />
        ) : data === undefined ? (
          <Waiting what="Adding them up" />
        ) : (
          <Figures>
            <Figure term="Versions" value={formatCount(data.versions)} />
            <Figure term="Would free" value={formatBytes(data.bytes)} />
            <Figure term="Would save" value={data.monthlyNanoUsd === null ? 'no price' : `${formatMoney(data.monthlyNanoUsd)} /mo`} />
            <Figure term="First year" value={data.firstYearNanoUsd === null ? 'unknown' : formatMoney(data.firstYearNanoUsd)} />
            <Figure term="Risk" value={data.risk} />
          </Figures>
        )}
        {data === undefined || data.unknown.length === 0 ? null : (
          <p className="warn">
            {formatCount(data.unknown.length)} of the marked runs have nothing to propose: what their policy lets go is held by a fact.
          </p>
        )}
        <label className="field">
          <span>Folder for lists of versions, on this machine</span>
          <input className="input mono" value={folder} spellCheck={false} onChange={(event) => setFolder(event.target.value)} />
          <small>Whole directories get a rule; the rest is listed, to be tagged, and one rule goes by the tag</small>
        </label>
        {failure === undefined ? null : <ErrorNote error={failure} title="They could not be compiled." />}
        {compiled === undefined ? null : <Outcome compiled={compiled} />}
      </div>
      <div className="dialog-foot">
        <span className="grow t3">Nothing is written to the bucket</span>
        {compiled === undefined ? (
          <Button
            kind="primary"
            disabled={isBusy || data === undefined || data.versions === 0 || folder.trim() === ''}
            onClick={() => void compile()}
          >
            {isBusy ? 'Compiling' : 'Compile to rules'}
          </Button>
        ) : (
          <>
            <Button onClick={() => saveText('lifecycle.json', `${JSON.stringify(compiled.policy, null, 2)}\n`, 'application/json')}>
              Save the rules
            </Button>
            <Button kind="primary" disabled={!compiled.proof.isExact || compiled.policy.Rules.length === 0} onClick={review}>
              Review a plan
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Outcome({ compiled }: { compiled: Compiled }) {
  const { rules, manifests, deleteList, proof, warnings } = compiled;
  return (
    <div role="status" className="stack">
      <p>
        <Badge tone={proof.isExact ? 'ok' : 'bad'}>{proof.isExact ? 'exact' : 'not exact'}</Badge> every one of {formatCount(proof.rows)}{' '}
        rows was asked: {formatCount(proof.compiled)} reached, {formatCount(proof.intended)} meant
      </p>
      <ul className="basket-rules">
        {rules.slice(0, MOST_SHOWN).map(({ ruleId, words, versions, bytes }) => (
          <li key={ruleId}>
            <bdi>{visibleKey(words)}</bdi>
            <span className="t2">
              {formatCount(versions)} {versions === 1 ? 'version' : 'versions'}, {formatBytes(bytes)}
            </span>
          </li>
        ))}
        {rules.length > MOST_SHOWN ? <li className="t3">and {formatCount(rules.length - MOST_SHOWN)} more</li> : null}
      </ul>
      {manifests.map(({ tag, file, rows }) => (
        <p key={`${tag.key} ${tag.value}`} className="t2">
          To be tagged <code>{`${tag.key}=${tag.value}`}</code> first: {formatCount(rows)} versions, <span className="mono">{file}</span>
        </p>
      ))}
      {deleteList === null ? null : (
        <p className="t2">
          No rule can name {formatCount(deleteList.rows)} versions, {formatBytes(deleteList.bytes)}:{' '}
          <span className="mono">{deleteList.file}</span>
        </p>
      )}
      {warnings.map((words) => (
        <p key={words} className="warn">
          {words}
        </p>
      ))}
    </div>
  );
}
