import { useState } from 'react';
import type { Ages } from '../../contract/ages.ts';
import type { AppError } from '../../contract/errors.ts';
import { CATEGORIES } from '../../contract/vocabulary.ts';
import { formatBytes } from '../../core/report/format.ts';
import { BARS_LEFT, type Series, StackedBars } from '../charts/stacked-bars.tsx';
import { ClassBadge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { cssVars } from '../components/css-vars.ts';
import { Panel } from '../components/panel.tsx';
import { Segmented } from '../components/segmented.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { categoryToken, classToken } from '../theme/colors.ts';
import { AgeStrip } from './age-strip.tsx';
import { type AgeRow, bytesByCut, rowsBy, type SplitBy } from './age-sums.ts';
import { useBrush } from './brush.ts';
import { AGE_LABELS, byTemperature, CATEGORY_WORDS, isCategory } from './pivot-table.ts';

const CHOICES = [
  { value: 'category', label: 'Category' },
  { value: 'storageClass', label: 'Class' },
] as const;

/** How long ago bytes were written, split by what they are or by where they lie, with a brush over the ages. */
export function AgePanel({ ages, error, retry }: { ages: Ages | undefined; error: AppError | undefined; retry: () => void }) {
  const [by, setBy] = useState<SplitBy>('storageClass');
  const [asTable, setAsTable] = useState(false);
  const range = useBrush((state) => state.range);
  const title = by === 'category' ? 'Age since last write, by category' : 'Age since last write, by storage class';
  return (
    <Panel
      title={title}
      note={range === null ? 'drag the strip to look at some ages' : undefined}
      className="age-panel"
      action={
        <span className="row">
          {range === null ? null : (
            <Button kind="quiet" onClick={() => useBrush.getState().select(null)}>
              Clear selection
            </Button>
          )}
          <Button kind="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Chart' : 'Table'}
          </Button>
          <Segmented label="Split by" options={CHOICES} value={by} onChange={setBy} />
        </span>
      }
    >
      {error !== undefined ? (
        <ErrorNote error={error} onRetry={retry} />
      ) : ages === undefined ? (
        <Waiting what="Adding up ages" />
      ) : (
        <AgeChart ages={ages} by={by} title={title} asTable={asTable} />
      )}
    </Panel>
  );
}

function AgeChart({ ages, by, title, asTable }: { ages: Ages; by: SplitBy; title: string; asTable: boolean }) {
  const range = useBrush((state) => state.range);
  const rows = inOrder(rowsBy(ages, by, range), by);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  if (asTable) {
    return (
      <div className="fill scroll">
        <AgeTable rows={rows} title={title} />
      </div>
    );
  }
  return (
    <>
      <StackedBars
        label={`${title}. The Table button shows every figure.`}
        bins={AGE_LABELS}
        series={rows.map(({ key }) => seriesOf(key))}
        bytes={(bin, key) => byKey.get(key)?.bytesByAge[bin] ?? 0}
        chosen={range === null ? undefined : (bin, key) => byKey.get(key)?.chosenByAge[bin] ?? 0}
      />
      <AgeStrip bytes={bytesByCut(ages)} inset={BARS_LEFT} />
      <ul className="legend age-legend" aria-label="Legend">
        {rows.map((row) => (
          <li key={row.key}>
            {isCategory(row.key) ? (
              <>
                <i className="swatch" style={cssVars({ c: `var(${categoryToken(row.key)})` })} />
                {CATEGORY_WORDS[row.key]}
              </>
            ) : (
              <ClassBadge storageClass={row.key} />
            )}
            <span className="t3">{formatBytes(row.bytes)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Categories keep one order on every screen; classes run from hot to cold. */
function inOrder(rows: AgeRow[], by: SplitBy): AgeRow[] {
  const order: readonly string[] = CATEGORIES;
  const held = rows.filter(({ bytesByAge }) => bytesByAge.some((bytes) => bytes > 0));
  return held.sort((a, b) => (by === 'category' ? order.indexOf(a.key) - order.indexOf(b.key) : byTemperature(a.key, b.key)));
}

function seriesOf(key: string): Series {
  if (isCategory(key)) return { key, label: CATEGORY_WORDS[key], token: categoryToken(key) };
  return { key, label: key, token: classToken(key) };
}

function AgeTable({ rows, title }: { rows: readonly AgeRow[]; title: string }) {
  return (
    <table className="age-table">
      <caption className="quiet">
        <span className="visually-hidden">{title}, bytes</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Of</th>
          {AGE_LABELS.map((label) => (
            <th key={label} scope="col" className="num">
              {label}
            </th>
          ))}
          <th scope="col" className="num">
            All
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{isCategory(row.key) ? CATEGORY_WORDS[row.key] : row.key}</th>
            {row.chosenByAge.map((bytes, bin) => (
              <td key={AGE_LABELS[bin]} className="num">
                {bytes === 0 ? '–' : formatBytes(bytes)}
              </td>
            ))}
            <td className="num strong">{formatBytes(row.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
