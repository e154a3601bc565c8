import type { Counterexample, Proof, Statement } from '../../contract/prove.ts';
import type { Compiled } from '../../contract/scenario.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { NOW, usePlanPolicy } from '../state/plan-policy.ts';
import { formatRoute } from '../state/route.ts';
import { setDays, useDesk, type Wanted } from '../state/scenarios.ts';
import { removeStatement } from './state.ts';
import { VerdictChip } from './verdict.tsx';

/** One statement: what was found, the smallest thing that breaks it, what would have to be known. */
export function StatementPanel({ proof }: { proof: Proof | undefined }) {
  if (proof === undefined) {
    return (
      <section className="panel" aria-label="About the statement">
        <p className="t3">Select a statement to see what it rests on.</p>
      </section>
    );
  }
  const { statement, verdict, assumptions, notes } = proof;
  const parts = [proof.existing, proof.any].filter((part) => part !== null);
  const example = parts.find((part) => part.counterexample !== null)?.counterexample ?? null;
  const missing = [...new Set(parts.flatMap((part) => part.missing))];
  return (
    <section className={`panel statement ${verdict.toLowerCase()}`} aria-label="About the statement">
      <ScrollArea label="About the statement" className="fill">
        <div className="row">
          <VerdictChip verdict={verdict} />
          <span className="grow" />
          <span className="mono t2">{statement.id}</span>
        </div>
        <h2 className="statement-title">
          <bdi>{statement.title ?? proof.words}</bdi>
        </h2>
        <p className="t2">
          <bdi>{proof.words}</bdi>
        </p>
        {example === null ? null : <Example example={example} statement={statement} />}
        {missing.length === 0 ? null : (
          <>
            <h3>What would have to be known</h3>
            <ul className="plain-list">
              {missing.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </>
        )}
        <h3>What it rests on</h3>
        <ul className="plain-list t2">
          {proof.existing === null ? null : <li>Versions there are: {proof.existing.basis}.</li>}
          {proof.any === null ? null : <li>Any key there could be: {proof.any.basis}.</li>}
          {[...assumptions, ...notes].map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
        <Button kind="quiet" onClick={() => removeStatement(statement.id)}>
          Remove the statement
        </Button>
      </ScrollArea>
    </section>
  );
}

function Example({ example, statement }: { example: Counterexample; statement: Statement }) {
  const { key, versionId, versions, bytes, ruleId, state } = example;
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return (
    <div className="witness">
      <h3>{versionId === null ? 'A key that would break it' : 'The smallest witness'}</h3>
      <p className="witness-key mono">
        <bdi>{visibleKey(key)}</bdi>
        <span className="t2">
          {versionId === null ? (example.keyShape ?? '') : `version ${versionId.slice(0, 12)}…, ${formatBytes(example.sizeFrom)}`}, {state}
        </span>
      </p>
      <p>
        <bdi>{sentence(example.words)}</bdi>
      </p>
      {versions === undefined ? null : (
        <p className="t2">
          The same holds for {formatCount(versions)} {versions === 1 ? 'version' : 'versions'}
          {bytes === undefined ? '' : `, ${formatBytes(bytes)}`}.
        </p>
      )}
      <div className="row witness-acts">
        <Fix ruleId={ruleId} statement={statement} />
        <CopyButton text={key} words="Copy key" />
        {versionId === null ? null : <a href={formatRoute({ view: 'explore', prefix: folder })}>Show in Explore</a>}
      </div>
    </div>
  );
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** Where an intent of the plan looked at removes too soon, the days it would take. */
function Fix({ ruleId, statement }: { ruleId: string | null; statement: Statement }) {
  const { chosen, scenarios } = useDesk();
  const scenario = chosen === 'now' ? NOW : scenarios[chosen];
  const { compiled } = usePlanPolicy(chosen, scenario);
  const intent = intentOf(ruleId, compiled, scenario.intents);
  if (intent === undefined || statement.kind !== 'kept' || !('ageDays' in statement.until)) return null;
  const days = statement.until.ageDays;
  if (intent.days >= days || days > 3650) {
    return <a href={formatRoute({ view: 'policies' })}>Open plan {chosen}</a>;
  }
  return <Button onClick={() => setDays(intent.id, days, false)}>Set the intent to {formatCount(days)} d</Button>;
}

function intentOf(ruleId: string | null, compiled: Compiled | undefined, intents: readonly Wanted[]): Wanted | undefined {
  const ids = compiled?.rules.find((rule) => rule.ruleId === ruleId)?.intentIds ?? [];
  return intents.find(({ id, act }) => ids.includes(id) && (act === 'expire' || act === 'expireNoncurrent'));
}
