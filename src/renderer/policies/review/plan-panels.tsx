import type { Plan } from '../../../contract/plan.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { Badge, ClassBadge } from '../../components/badge.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScrollArea } from '../../components/scroll-area.tsx';
import { Line } from '../validation-panel.tsx';
import { SIGNS } from './signs.ts';

const ORDER = { added: 0, changed: 1, removed: 2, kept: 3 } as const;

/** The difference rule by rule, in words. */
export function ChangesPanel({ plan }: { plan: Plan }) {
  const changes = plan.changes.toSorted((a, b) => ORDER[a.change] - ORDER[b.change]);
  return (
    <Panel title="What would change" note={`${plan.target.bucket}, in words, rule by rule`} className="review-changes">
      <ScrollArea label="What would change" className="fill">
        {changes.length === 0 ? <p className="t3">The bucket has no rules and would get none.</p> : null}
        <ul className="changes">
          {changes.map(({ change, owner, ruleId, words }) => (
            <li key={`${change} ${ruleId}`}>
              <span className={`change-sign ${change}`} aria-hidden="true">
                {SIGNS[change]}
              </span>
              <span className="visually-hidden">{change}</span>
              <div className="grow">
                <p className={change === 'kept' ? '' : 'strong'}>{words}</p>
                <p className="row">
                  <code className="t2 ellipsis" title={ruleId}>
                    {ruleId}
                  </code>
                  {owner === 'foreign' ? <Badge>foreign</Badge> : null}
                </p>
              </div>
            </li>
          ))}
        </ul>
      </ScrollArea>
    </Panel>
  );
}

const warningCount = (count: number): string =>
  count === 0 ? 'no warnings' : count === 1 ? '1 warning' : `${formatCount(count)} warnings`;

/** How much would move or go, from when, and what deserves a second look. */
export function EffectPanel({ plan }: { plan: Plan }) {
  const { effects, redFlags, assumptions, blocked } = plan.effect;
  return (
    <div className="view review-effect">
      <Panel
        title="Counted effect"
        note={`${plan.effect.months.length} months, over the snapshot of ${formatInstant(plan.inputs.snapshotAsOf)}`}
      >
        <table>
          <caption className="quiet">
            <span className="visually-hidden">Versions and bytes by kind of effect</span>
          </caption>
          <thead>
            <tr>
              <th scope="col" className="effect-act">
                Act
              </th>
              <th scope="col">What</th>
              <th scope="col" className="num">
                Versions
              </th>
              <th scope="col" className="num">
                Bytes
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>
                <Badge tone="bad">expire</Badge>
              </td>
              <td>would be removed for good</td>
              <td className="num">{formatCount(effects.expired.versions)}</td>
              <td className="num strong">{formatBytes(effects.expired.bytes)}</td>
            </tr>
            <tr>
              <td>
                <Badge tone="warn">hide</Badge>
              </td>
              <td title="behind a delete marker, still billed">would be hidden, still billed</td>
              <td className="num">{formatCount(effects.hidden.versions)}</td>
              <td className="num strong">{formatBytes(effects.hidden.bytes)}</td>
            </tr>
            {effects.transitions.map(({ storageClass, versions, bytes }) => (
              <tr key={storageClass}>
                <td>
                  <Badge>move</Badge>
                </td>
                <td>
                  to <ClassBadge storageClass={storageClass} />
                </td>
                <td className="num">{formatCount(versions)}</td>
                <td className="num strong">{formatBytes(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <dl className="facts-line">
          <dt>First removal</dt>
          <dd>{effects.firstExpiration ?? 'none in this time'}</dd>
          <dt>First move</dt>
          <dd>{effects.firstTransition ?? 'none in this time'}</dd>
          <dt>Versioning</dt>
          <dd>{plan.facts.versioning}</dd>
        </dl>
      </Panel>
      <Panel title="Look twice" note={warningCount(plan.warnings.length + plan.redFlags.length)}>
        <ScrollArea label="Warnings" className="fill">
          {plan.inputs.isSample ? (
            <Line tone="warn">{`Every figure here comes from sample data, not from ${plan.target.bucket}.`}</Line>
          ) : null}
          {plan.redFlags.map(({ ruleId, words }) => (
            <Line key={ruleId} tone="warn">
              {words}
            </Line>
          ))}
          {plan.warnings.map((warning) => (
            <Line key={warning} tone="warn">
              {warning}
            </Line>
          ))}
          {blocked.map(({ reason, versions, bytes }) => (
            <Line key={reason} tone="ok">{`${formatCount(versions)} versions, ${formatBytes(bytes)} stay: ${reason}`}</Line>
          ))}
          {redFlags.map((line) => (
            <Line key={line} tone="warn">
              {line}
            </Line>
          ))}
          <h3 className="gap-above">If it goes wrong</h3>
          <p className="t2">
            Roll back puts the configuration read now back in place. <strong>It cannot restore bytes that have expired.</strong>
            {effects.firstExpiration === null ? '' : ` Nothing would be removed before ${effects.firstExpiration}.`}
          </p>
          {assumptions.length === 0 ? null : (
            <details className="fine-print t2">
              <summary>What these figures rest on</summary>
              <ul>
                {assumptions.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </details>
          )}
        </ScrollArea>
      </Panel>
    </div>
  );
}
