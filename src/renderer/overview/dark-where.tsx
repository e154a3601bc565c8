import { formatBytes, formatExactBytes } from '../../core/report/format.ts';
import { InCellBar } from '../components/bars.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { useQuery } from '../state/query.ts';
import { formatRoute } from '../state/route.ts';
import { useAt } from '../state/session.ts';

const MOST_PLACES = 8;

/** The top-level prefixes that hold the most noncurrent bytes. */
export function DarkWhere() {
  const at = useAt();
  const { data } = useQuery('tree.children', at === null ? null : { ...at, prefix: '', sort: 'noncurrentBytes', limit: MOST_PLACES });
  const nodes = (data?.nodes ?? []).filter(({ noncurrentBytes }) => noncurrentBytes > 0);
  const most = nodes[0]?.noncurrentBytes ?? 0;
  if (nodes.length === 0) return null;
  return (
    <ScrollArea label="Where noncurrent versions are" className="dark-where grow">
      <table>
        <thead>
          <tr>
            <th scope="col">Where they are</th>
            <th scope="col">Noncurrent</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ path, name, type, noncurrentBytes }) => (
            <tr key={path}>
              <th scope="row">
                {type === 'directory' ? (
                  <a className="plain-link" href={formatRoute({ view: 'explore', prefix: path })} title={path}>
                    {name}/
                  </a>
                ) : (
                  name
                )}
              </th>
              <td title={formatExactBytes(noncurrentBytes)}>
                <InCellBar share={noncurrentBytes / most}>{formatBytes(noncurrentBytes)}</InCellBar>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
