import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import type { Compiled } from '../../contract/scenario.ts';
import { ruleInWords } from '../../core/policy/words.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { Badge, ClassBadge } from '../components/badge.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState, Waiting } from '../components/states.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { CATEGORY_WORDS } from '../overview/pivot-table.ts';
import { useForeignRules, useKnownBucket } from '../state/bucket-state.ts';
import { formatRoute } from '../state/route.ts';

const MOST_RULES = 200;

/** The rules as they would be written, ours first, then those of others that stay as they are. */
export function RulesPanel({ compiled, policy }: { compiled: Compiled | undefined; policy: LifecycleConfiguration | undefined }) {
  const foreign = useForeignRules();
  const isAsked = useKnownBucket().configuration !== undefined;
  const rules = policy?.Rules ?? [];
  return (
    <Panel
      title="Compiled rules"
      className="policies-rules"
      note={
        compiled === undefined
          ? undefined
          : `+${formatCount(rules.length)} ours${isAsked ? `, ${formatCount(foreign.length)} foreign kept` : ''}`
      }
    >
      {compiled === undefined ? (
        <Waiting what="Compiling the intents" />
      ) : rules.length + foreign.length === 0 ? (
        <EmptyState title="No rule">
          <p>No intent is on, or nothing was recognised that they may touch.</p>
        </EmptyState>
      ) : (
        <ScrollArea label="Compiled rules" className="fill">
          <ul className="rules">
            {rules.slice(0, MOST_RULES).map((rule, at) => (
              <RuleCard key={rule.ID} rule={rule} line={compiled.rules[at]} />
            ))}
            {rules.length > MOST_RULES ? (
              <li className="t3">and {formatCount(rules.length - MOST_RULES)} more, all in S3’s own spelling below</li>
            ) : null}
            {foreign.map((rule) => (
              <li key={rule.ID ?? ruleInWords(rule)} className="rule">
                <span className="rule-sign t2" aria-hidden="true">
                  =
                </span>
                <code className="ellipsis" title={rule.ID}>
                  <bdi>{visibleKey(rule.ID ?? '(no name)')}</bdi>
                </code>
                <Badge>foreign</Badge>
                <p className="t2">{ruleInWords(rule)}</p>
              </li>
            ))}
          </ul>
        </ScrollArea>
      )}
    </Panel>
  );
}

function RuleCard({ rule, line }: { rule: Rule; line: Compiled['rules'][number] | undefined }) {
  const prefix = rule.Filter?.Prefix ?? '';
  return (
    <li className="rule own" title={rule.ID}>
      <span className="rule-sign" aria-hidden="true">
        +
      </span>
      <a className="plain-link mono ellipsis" href={formatRoute({ view: 'explore', prefix: prefix.endsWith('/') ? prefix : '' })}>
        <bdi>{prefix === '' ? 'whole bucket' : visibleKey(prefix)}</bdi>
      </a>
      <span className="rule-acts">
        <Acts rule={rule} />
      </span>
      {line === undefined || line.versions === 0 ? null : (
        <p className="rule-extent t3">
          {formatCount(line.versions)} versions, {formatBytes(line.bytes)}
        </p>
      )}
      {line?.alsoTouches.map(({ category, versions, bytes }) => (
        <p key={category} className="rule-extent warn">
          also {formatCount(versions)} {CATEGORY_WORDS[category]} versions, {formatBytes(bytes)}
        </p>
      ))}
    </li>
  );
}

/** "90 d GIR 730 d GDA", "noncurrent 30 d": the acts of a rule as briefly as they can be said. */
function Acts({ rule }: { rule: Rule }) {
  const { Transitions = [], Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  return (
    <>
      {Transitions.map(({ Days, Date: date, StorageClass }) => (
        <span key={StorageClass} className="row">
          {Days === undefined ? date : `${Days} d`} <ClassBadge storageClass={StorageClass} />
        </span>
      ))}
      {Expiration?.Days === undefined ? null : <span>expire {Expiration.Days} d</span>}
      {NoncurrentVersionExpiration?.NoncurrentDays === undefined ? null : (
        <span>replaced {NoncurrentVersionExpiration.NoncurrentDays} d</span>
      )}
      {AbortIncompleteMultipartUpload?.DaysAfterInitiation === undefined ? null : (
        <span>abort uploads {AbortIncompleteMultipartUpload.DaysAfterInitiation} d</span>
      )}
      {Expiration?.ExpiredObjectDeleteMarker ? <span>lone markers</span> : null}
    </>
  );
}
