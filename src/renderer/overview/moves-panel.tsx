import { ruleInWords } from '../../core/policy/words.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../core/report/format.ts';
import { InCellBar } from '../components/bars.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState, ErrorNote, Waiting } from '../components/states.tsx';
import { visibleKey } from '../explore/key-text.ts';
import type { Forecast } from '../state/forecast.ts';
import { formatRoute } from '../state/route.ts';
import { withoutPlace } from './rule-words.ts';

const MOST_MOVES = 10;

/** The rules of the plan with the most bytes under them. */
export function MovesPanel({ forecast }: { forecast: Forecast }) {
  const { compiled, policy, error, name, retry, stale } = forecast;
  const rules = (compiled?.rules ?? [])
    .map((line, at) => ({ ...line, rule: policy?.Rules[at] }))
    .filter(({ versions }) => versions > 0)
    .sort((a, b) => b.bytes - a.bytes);
  const shown = rules.slice(0, MOST_MOVES);
  const most = shown[0]?.bytes ?? 0;
  return (
    <Panel
      bleed
      title="Top moves"
      note={
        compiled === undefined
          ? undefined
          : `${name} would write ${formatCount(compiled.rules.length)} ${compiled.rules.length === 1 ? 'rule' : 'rules'}`
      }
      className={`moves-panel ${stale ? 'stale' : ''}`.trim()}
      action={<a href={formatRoute({ view: 'policies' })}>Open {name === 'now' ? 'the policies' : name}</a>}
    >
      {error !== undefined ? (
        <div className="inset">
          <ErrorNote error={error} onRetry={retry} />
        </div>
      ) : compiled === undefined ? (
        <div className="inset">
          <Waiting what="Compiling the intents" />
        </div>
      ) : rules.length === 0 ? (
        <EmptyState title="Nothing here fits the plan">
          <p>No prefix was recognised as something the intents may touch.</p>
        </EmptyState>
      ) : (
        <ScrollArea label="Rules with the most bytes" className="fill flush">
          <table className="moves-table">
            <thead>
              <tr>
                <th scope="col">What</th>
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
              {shown.map(({ ruleId, prefix, versions, bytes, rule }) => (
                <tr key={ruleId}>
                  <th scope="row">
                    <a className="plain-link" href={formatRoute({ view: 'explore', prefix })} title={visibleKey(prefix)}>
                      <bdi>{prefix === '' ? 'whole bucket' : visibleKey(prefix)}</bdi>
                    </a>
                  </th>
                  <td className="t2 wraps">{rule === undefined ? '' : withoutPlace(ruleInWords(rule), prefix)}</td>
                  <td className="num">{formatCount(versions)}</td>
                  <td title={formatExactBytes(bytes)}>
                    <InCellBar share={most === 0 ? 0 : bytes / most}>
                      <span className="strong">{formatBytes(bytes)}</span>
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
