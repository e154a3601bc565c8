import { Check, CircleX, TriangleAlert } from 'lucide-react';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { ErrorNote } from '../components/states.tsx';
import { useQuery } from '../state/query.ts';
import { useAt, useSession } from '../state/session.ts';

/** What S3 would refuse of these rules, and what their owner may regret; each with its way out. */
export function ValidationPanel({ policy, warnings }: { policy: LifecycleConfiguration | undefined; warnings: readonly string[] }) {
  const at = useAt();
  const region = useSession((state) => state.region);
  const { data, error, retry, stale } = useQuery(
    'policy.check',
    at === null || policy === undefined ? null : { ...at, text: JSON.stringify(policy), ...(region === undefined ? {} : { region }) },
  );
  const issues = data?.issues ?? [];
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const count = issues.length + warnings.length;
  return (
    <Panel
      title="Validation"
      note={
        data === undefined ? undefined : errors > 0 ? `${errors} that S3 would refuse` : `${count === 0 ? 'nothing' : count} to look at`
      }
      className={`policies-validation ${stale ? 'stale' : ''}`.trim()}
    >
      <ScrollArea label="Validation" className="fill">
        {error !== undefined ? <ErrorNote error={error} onRetry={retry} /> : null}
        {data !== undefined && errors === 0 ? (
          <Line tone="ok">{`S3 would take ${policy?.Rules.length === 1 ? 'this rule' : `these ${policy?.Rules.length ?? 0} rules`}.`}</Line>
        ) : null}
        {issues.map(({ code, path, severity, message, fix }) => (
          <Line key={`${code} ${path}`} tone={severity === 'error' ? 'bad' : 'warn'} more={fix}>
            {message}
          </Line>
        ))}
        {warnings.map((warning) => (
          <Line key={warning} tone="warn">
            {warning}
          </Line>
        ))}
      </ScrollArea>
    </Panel>
  );
}

const ICONS = { ok: Check, warn: TriangleAlert, bad: CircleX } as const;

/** One remark with its own glyph, so that tone is never told by colour alone; `more` says what to do about it. */
export function Line({ tone, more, children }: { tone: keyof typeof ICONS; more?: string | undefined; children: string }) {
  const Icon = ICONS[tone];
  return (
    <div className="remark">
      <Icon className={`icon-svg ${tone}`} size={16} strokeWidth={1.5} aria-hidden="true" />
      <p className="grow">
        <span className={tone === 'ok' ? '' : tone}>{children}</span>
        {more === undefined ? null : <span className="t2"> {more}</span>}
      </p>
    </div>
  );
}
