import { ArrowDown, ArrowUp } from 'lucide-react';
import { useExplore } from '../state.ts';
import { COLUMNS } from './columns.ts';

/** The header row; a column that can be sorted is a button. */
export function TreeHeader() {
  const sort = useExplore((state) => state.sort);
  const { sortBy } = useExplore.getState();
  return (
    <thead>
      <tr className="tree-header" aria-rowindex={1}>
        {COLUMNS.map((column) => {
          const isSorted = column.sort !== null && column.sort === sort.key;
          const order = !isSorted ? 'none' : sort.descending ? 'descending' : 'ascending';
          const Arrow = sort.descending ? ArrowDown : ArrowUp;
          const key = column.sort;
          return (
            <th
              key={column.key}
              scope="col"
              className={`cell-${column.key} ${column.isFigure ? 'num' : ''}`}
              title={column.title}
              {...(key === null ? {} : { 'aria-sort': order })}
            >
              {key === null ? (
                column.label
              ) : (
                <button type="button" onClick={() => sortBy(key)}>
                  {column.label}
                  {isSorted ? <Arrow size={11} strokeWidth={2} aria-hidden="true" /> : null}
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
