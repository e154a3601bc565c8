import { Check, CircleX, TriangleAlert } from 'lucide-react';
import type { Recommendation } from '../../contract/simulation.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { Badge } from '../components/badge.tsx';
import { HeldBackList } from '../components/held-back.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState, Waiting } from '../components/states.tsx';
import { CATEGORY_WORDS } from '../overview/pivot-table.ts';
import { withoutPlace } from '../overview/rule-words.ts';
import { SpellingPanel } from './spelling-panel.tsx';
import { useBucketRules } from './use-bucket-rules.ts';

/** The rules as they would be written, what stays out of them, and S3's own spelling. */
export function CompiledPanels({ recommendation }: { recommendation: Recommendation | undefined }) {
  const foreign = useBucketRules((state) => state.foreign);
  const bucket = useBucketRules((state) => state.bucket);
  if (recommendation === undefined) {
    return (
      <Panel title="Compiled rules" className="policies-rules">
        <Waiting what="Compiling the preset" />
      </Panel>
    );
  }
  const { rules, heldBack, warnings, policy } = recommendation;
  const heldBytes = heldBack.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <Panel
        title="Compiled rules"
        className="policies-rules"
        note={`+${formatCount(rules.length)} ours${bucket === undefined ? '' : `, ${formatCount(foreign.length)} foreign kept in ${bucket}`}`}
      >
        {rules.length === 0 ? (
          <EmptyState title="No rule fits this snapshot">
            <p>Nothing was recognised that the preset may touch.</p>
          </EmptyState>
        ) : (
          <ScrollArea label="Compiled rules" className="fill">
            <ul className="rules">
              {rules.map((rule) => (
                <li key={rule.ruleId} className="rule own">
                  <span className="rule-sign" aria-hidden="true">
                    +
                  </span>
                  <code className="ellipsis" title={rule.ruleId}>
                    {rule.prefix === '' ? 'whole bucket' : rule.prefix}
                  </code>
                  <Badge>{CATEGORY_WORDS[rule.category]}</Badge>
                  <p>{withoutPlace(rule.words, rule.prefix)}</p>
                  <p className="rule-extent t3">
                    {formatCount(rule.versions)} versions, {formatBytes(rule.bytes)}
                  </p>
                  {rule.alsoTouches.map(({ category, versions, bytes }) => (
                    <p key={category} className="rule-extent warn">
                      would also touch {formatCount(versions)} {category} versions, {formatBytes(bytes)}
                    </p>
                  ))}
                </li>
              ))}
              {foreign.map(({ id, words }) => (
                <li key={id} className="rule">
                  <span className="rule-sign t2" aria-hidden="true">
                    =
                  </span>
                  <code className="ellipsis" title={id}>
                    {id}
                  </code>
                  <Badge>foreign</Badge>
                  <p className="t2">{words}</p>
                </li>
              ))}
            </ul>
          </ScrollArea>
        )}
      </Panel>
      <div className="view policies-side">
        <Panel title="Held back" note={heldBack.length === 0 ? undefined : `${formatBytes(heldBytes)} left alone`}>
          <ScrollArea label="Held back" className="fill">
            <HeldBackList heldBack={heldBack} />
          </ScrollArea>
        </Panel>
        <Panel title="Validation" className="policies-validation">
          <ScrollArea label="Validation">
            <WarningList warnings={warnings} />
          </ScrollArea>
        </Panel>
        <SpellingPanel policy={policy} />
      </div>
    </>
  );
}

function WarningList({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return <Line tone="ok">Every rule is one S3 accepts.</Line>;
  return warnings.map((warning) => (
    <Line key={warning} tone="warn">
      {warning}
    </Line>
  ));
}

const ICONS = { ok: Check, warn: TriangleAlert, bad: CircleX } as const;

/** One remark with its own glyph, so that tone is never told by colour alone. */
export function Line({ tone, children }: { tone: keyof typeof ICONS; children: string }) {
  const Icon = ICONS[tone];
  return (
    <p className="remark">
      <Icon className={`icon-svg ${tone}`} size={16} strokeWidth={1.5} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
