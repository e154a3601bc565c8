import type { Explanation } from '../../../contract/explanation.ts';
import type { Node } from '../../../contract/index-views.ts';
import { formatMoney } from '../../../core/report/format.ts';
import { ErrorNote, Waiting } from '../../components/states.tsx';
import { optionsOf, useKnownBucket } from '../../state/bucket-state.ts';
import { NOW, usePlanPolicy } from '../../state/plan-policy.ts';
import { useQuery } from '../../state/query.ts';
import { formatRoute } from '../../state/route.ts';
import { useDesk } from '../../state/scenarios.ts';
import { usePricedAt } from '../../state/session.ts';
import { visibleKey } from '../key-text.ts';

type Version = Explanation['versions'][number];

/** What was and would become of one version under the plan that is chosen: dated, each with its rule and its money. */
export function Story({ node }: { node: Node }) {
  const at = usePricedAt();
  const { chosen, scenarios } = useDesk();
  const known = useKnownBucket();
  const { configuration } = usePlanPolicy(chosen, chosen === 'now' ? NOW : scenarios[chosen]);
  const { data, error, retry } = useQuery(
    'policy.explain',
    at === null || configuration === undefined
      ? null
      : { ...at, policy: configuration ?? { Rules: [] }, ...optionsOf(known), excludeUnpriced: true, key: node.path },
  );
  const written = node.version?.lastModified;
  const version = data?.versions.find(
    ({ versionId, lastModified }) => lastModified === written && (versionId ?? null) === (node.version?.versionId ?? null),
  );
  return (
    <section className="story" aria-label="Its story">
      <h3>
        {chosen === 'now' ? 'Its story as it is' : `Its story under plan ${chosen}`} <a href={formatRoute({ view: 'policies' })}>Change</a>
      </h3>
      {error !== undefined ? (
        <ErrorNote error={error} title="Its story could not be told." onRetry={retry} />
      ) : data === undefined ? (
        <Waiting what="Following the rules" />
      ) : version === undefined ? (
        <p className="t3">Nothing is known of this version.</p>
      ) : (
        <Events version={version} until={data.until} asOf={data.asOf} />
      )}
    </section>
  );
}

function Events({ version, until, asOf }: { version: Version; until: string; asOf: string }) {
  const { lastModified, noncurrentSince, events, matchedBy } = version;
  return (
    <>
      <ol>
        <li>
          <span className="tnum t2">{lastModified.slice(0, 10)}</span>
          <span>Written</span>
        </li>
        {noncurrentSince === null ? null : (
          <li>
            <span className="tnum t2">{noncurrentSince.slice(0, 10)}</span>
            <span>Replaced: noncurrent from then on</span>
          </li>
        )}
        <li className="story-now">
          <span className="tnum t2">{asOf}</span>
          <span>
            Now{version.monthlyNanoUsd === null ? '' : `, ${formatMoney(version.monthlyNanoUsd)} /mo`}
            {matchedBy.length === 0 ? '; no rule is about it' : ''}
          </span>
        </li>
        {events.map((event) => (
          <li key={`${event.date} ${event.kind} ${event.rule}`} className="story-later">
            <span className="tnum t2">{event.date}</span>
            <span>
              <bdi>{visibleKey(event.words)}</bdi>
              {event.ruleId === null ? null : (
                <span className="t3">
                  {' '}
                  by <code>{visibleKey(event.ruleId)}</code>
                </span>
              )}
              {event.monthlyNanoUsd === null ? null : <span className="t3">, then {formatMoney(event.monthlyNanoUsd)} /mo</span>}
            </span>
          </li>
        ))}
      </ol>
      {events.length === 0 ? <p className="t3">Nothing would happen to it until {until}.</p> : null}
    </>
  );
}
