import { formatBytes, formatExactBytes, formatMoney, formatShare } from '../../core/report/format.ts';
import { ClassBadge } from '../components/badge.tsx';
import { MixBar } from '../components/bars.tsx';
import { Panel } from '../components/panel.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { useQuery } from '../state/query.ts';
import { usePricedAt } from '../state/session.ts';
import { classToken } from '../theme/colors.ts';
import { byTemperature } from './pivot-table.ts';

/** Where it lies: the split by storage class, hot to cold. */
export function ClassPanel() {
  const at = usePricedAt();
  const { data, error, retry } = useQuery('index.summary', at === null ? null : { ...at, by: 'storageClass' });
  const groups = [...(data?.groups ?? [])].sort((a, b) => byTemperature(a.key, b.key));
  const all = data?.totals.bytes ?? 0;
  return (
    <Panel title="Where it lies" note="storage class; bytes, $ /mo">
      {error !== undefined ? (
        <ErrorNote error={error} onRetry={retry} />
      ) : data === undefined ? (
        <Waiting what="Adding up storage classes" />
      ) : (
        <>
          <MixBar height={12} parts={groups.map(({ key, bytes }) => ({ key, value: bytes, token: classToken(key) }))} />
          <ul className="class-list">
            {groups.map(({ key, bytes, monthlyNanoUsd }) => (
              <li key={key}>
                <ClassBadge storageClass={key} />
                <span className="class-name ellipsis">{key}</span>
                <span className="class-name num t2">{all === 0 ? '–' : formatShare(bytes / all)}</span>
                <span className="num strong" title={formatExactBytes(bytes)}>
                  {formatBytes(bytes)}
                </span>
                <span className="num t2">{monthlyNanoUsd === null ? 'no price' : formatMoney(monthlyNanoUsd)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
