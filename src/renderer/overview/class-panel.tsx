import type { Ages } from '../../contract/ages.ts';
import { formatBytes, formatExactBytes, formatMoney, formatShare } from '../../core/report/format.ts';
import { ClassBadge } from '../components/badge.tsx';
import { MixBar } from '../components/bars.tsx';
import { Panel } from '../components/panel.tsx';
import { Waiting } from '../components/states.tsx';
import { classToken } from '../theme/colors.ts';
import { rowsBy } from './age-sums.ts';
import { useBrush } from './brush.ts';
import { byTemperature } from './pivot-table.ts';

/** Where it lies: the split by storage class, hot to cold. */
export function ClassPanel({ ages }: { ages: Ages | undefined }) {
  const range = useBrush((state) => state.range);
  const groups = ages === undefined ? [] : rowsBy(ages, 'storageClass', range).sort((a, b) => byTemperature(a.key, b.key));
  const all = groups.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Panel title="Where it lies" note="storage class; bytes, $ /mo">
      {ages === undefined ? (
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
