import { formatBytes, formatCount, formatExactBytes } from '../../core/report/format.ts';
import { InCellBar } from '../components/bars.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState, ErrorNote, Waiting } from '../components/states.tsx';
import type { Forecast } from '../state/forecast.ts';
import { formatRoute } from '../state/route.ts';
import { CATEGORY_WORDS } from './pivot-table.ts';
import { withoutPlace } from './rule-words.ts';

const MOST_MOVES = 10;

/** The recommended rules with the most bytes under them. */
export function MovesPanel({ forecast }: { forecast: Forecast }) {
  const { recommendation, error, presetName, retry, stale } = forecast;
  const rules = [...(recommendation?.rules ?? [])].sort((a, b) => b.bytes - a.bytes);
  const shown = rules.slice(0, MOST_MOVES);
  const most = shown[0]?.bytes ?? 0;
  const note =
    recommendation === undefined
      ? undefined
      : `${presetName} would write ${formatCount(rules.length)} ${rules.length === 1 ? 'rule' : 'rules'}${rules.length > MOST_MOVES ? `; the ${MOST_MOVES} with the most bytes` : ''}`;
  return (
    <Panel
      bleed
      title="Top moves"
      note={note}
      className={`moves-panel ${stale ? 'stale' : ''}`.trim()}
      action={<a href={formatRoute({ view: 'policies' })}>Open the policy</a>}
    >
      {error !== undefined ? (
        <div className="inset">
          <ErrorNote error={error} onRetry={retry} />
        </div>
      ) : recommendation === undefined ? (
        <div className="inset">
          <Waiting what="Compiling the preset" />
        </div>
      ) : rules.length === 0 ? (
        <EmptyState title="Nothing here fits this preset">
          <p>No prefix was recognised as a dataset, checkpoint or experiment the preset may touch.</p>
        </EmptyState>
      ) : (
        <ScrollArea label="Rules with the most bytes" className="fill flush">
          <table className="moves-table">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Category</th>
                <th scope="col">Move</th>
                <th scope="col" className="num">
                  Versions
                </th>
                <th scope="col" aria-sort="descending">
                  Bytes under it
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((rule) => (
                <tr key={rule.ruleId}>
                  <th scope="row">
                    <a className="plain-link" href={formatRoute({ view: 'explore', prefix: rule.prefix })} title={rule.prefix}>
                      {rule.prefix === '' ? 'whole bucket' : rule.prefix}
                    </a>
                  </th>
                  <td className="t2">{CATEGORY_WORDS[rule.category]}</td>
                  <td className="t2 wraps">{withoutPlace(rule.words, rule.prefix)}</td>
                  <td className="num">{formatCount(rule.versions)}</td>
                  <td title={formatExactBytes(rule.bytes)}>
                    <InCellBar share={most === 0 ? 0 : rule.bytes / most}>
                      <span className="strong">{formatBytes(rule.bytes)}</span>
                    </InCellBar>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Panel>
  );
}
