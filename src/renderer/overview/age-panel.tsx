import { useState } from 'react';
import { CATEGORIES } from '../../contract/vocabulary.ts';
import { formatBytes } from '../../core/report/format.ts';
import { type Series, StackedBars } from '../charts/stacked-bars.tsx';
import { ClassBadge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { cssVars } from '../components/css-vars.ts';
import { Panel } from '../components/panel.tsx';
import { Segmented } from '../components/segmented.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { useQuery } from '../state/query.ts';
import { usePricedAt } from '../state/session.ts';
import { categoryToken, classToken } from '../theme/colors.ts';
import { AGE_LABELS, type AgeRow, ageRows, byTemperature, CATEGORY_WORDS, isCategory } from './pivot-table.ts';

type By = 'category' | 'storageClass';
const CHOICES = [
  { value: 'category', label: 'Category' },
  { value: 'storageClass', label: 'Class' },
] as const;

/** How long ago bytes were written, split by what they are or by where they lie. */
export function AgePanel() {
  const at = usePricedAt();
  const [by, setBy] = useState<By>('category');
  const [asTable, setAsTable] = useState(false);
  const { data, error, retry } = useQuery('index.pivot', at === null ? null : { ...at, row: by, column: 'age' });
  const rows = data === undefined ? [] : inOrder(ageRows(data), by);
  const series = rows.map(({ key }) => seriesOf(key));
  const cells = new Map(rows.map((row) => [row.key, row]));
  const title = by === 'category' ? 'Age since last write, by category' : 'Age since last write, by storage class';
  return (
    <Panel
      title={title}
      className="age-panel"
      action={
        <span className="row">
          <Button kind="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Chart' : 'Table'}
          </Button>
          <Segmented label="Split by" options={CHOICES} value={by} onChange={setBy} />
        </span>
      }
    >
      {error !== undefined ? (
        <ErrorNote error={error} onRetry={retry} />
      ) : data === undefined ? (
        <Waiting what="Adding up ages" />
      ) : asTable ? (
        <div className="fill scroll">
          <AgeTable rows={rows} title={title} />
        </div>
      ) : (
        <>
          <StackedBars
            label={`${title}. The Table button shows every figure.`}
            bins={AGE_LABELS}
            series={series}
            bytes={(bin, key) => cells.get(key)?.bytesByAge[bin] ?? 0}
          />
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
      )}
    </Panel>
  );
}

/** Categories keep one order on every screen; classes run from hot to cold. */
function inOrder(rows: AgeRow[], by: By): AgeRow[] {
  const order: readonly string[] = CATEGORIES;
  return rows
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => (by === 'category' ? order.indexOf(a.key) - order.indexOf(b.key) : byTemperature(a.key, b.key)));
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
            {row.bytesByAge.map((bytes, bin) => (
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
