import { formatBytes, formatCount, formatCountShort, formatExactBytes, formatMoney, formatShare } from '../../core/report/format.ts';
import { MixBar } from '../components/bars.tsx';
import { Panel } from '../components/panel.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { useEvidence } from '../state/evidence.ts';
import { useQuery } from '../state/query.ts';
import { usePricedAt, useSnapshot } from '../state/session.ts';
import { DarkWhere } from './dark-where.tsx';

/** What is billed without showing in a plain listing, and what an inventory cannot tell. */
export function DarkPanel() {
  const at = usePricedAt();
  const snapshot = useSnapshot();
  const { data, error, retry } = useQuery('index.summary', at === null ? null : { ...at, by: 'state' });
  const evidence = useEvidence();
  const noncurrent = data?.groups.find(({ key }) => key === 'noncurrent');
  const bytes = noncurrent?.bytes ?? 0;
  const cost = noncurrent?.monthlyNanoUsd ?? null;
  const all = data?.totals.bytes ?? 0;
  const counted = snapshot?.allVersions ?? true;
  return (
    <Panel title="Dark bytes" note="billed, not in a plain listing" className="dark-panel">
      {error !== undefined ? (
        <ErrorNote error={error} onRetry={retry} />
      ) : data === undefined ? (
        <Waiting what="Adding up versions" />
      ) : (
        <>
          <p className="dark-figure">
            <strong title={formatExactBytes(bytes)}>{counted ? formatBytes(bytes) : 'unknown'}</strong>
            <span className="t2">
              {counted
                ? all === 0
                  ? ''
                  : `${formatShare(bytes / all)} of stored bytes${cost === null ? '' : `, ${formatMoney(cost)} /mo`}`
                : 'this inventory holds current versions only'}
            </span>
          </p>
          <MixBar
            height={8}
            parts={[
              { key: 'current', value: Math.max(all - bytes, 0), token: '--raised' },
              { key: 'noncurrent', value: bytes, token: '--t2' },
            ]}
          />
          <table className="dark-table">
            <caption className="quiet">
              <span className="visually-hidden">Bytes that a plain listing does not show</span>
            </caption>
            <tbody>
              <Line
                name="Noncurrent versions"
                value={counted ? formatBytes(bytes) : undefined}
                extra={formatCountShort(noncurrent?.versions ?? 0)}
              />
              <Line name="Delete markers" value={counted ? '0 B' : undefined} extra={formatCount(data.totals.deleteMarkers)} />
              <Line
                name="Incomplete uploads"
                value={data.incompleteUploads === null ? undefined : formatBytes(data.incompleteUploads.bytes)}
                extra={formatCountShort(data.incompleteUploads?.uploads ?? 0)}
              />
              <Line name="Reads" {...(evidence ? { value: formatShare(evidence.share), extra: 'known' } : {})} />
            </tbody>
          </table>
          {counted ? <DarkWhere /> : null}
          <p className="dark-note t3 xs">
            {evidence
              ? 'Unknown is not cold: where access logs do not tell of reads, nobody knows; only listings tell of incomplete uploads.'
              : 'Unknown is not cold: neither inventories nor listings tell of reads, and only listings of incomplete uploads.'}
          </p>
        </>
      )}
    </Panel>
  );
}

/** `value` undefined: nothing here can tell. */
function Line({ name, value, extra }: { name: string; value?: string | undefined; extra?: string }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {value === undefined ? (
        <td className="num" colSpan={2}>
          <span className="unknown">
            <i className="hatch" aria-hidden="true" />
            unknown
          </span>
        </td>
      ) : (
        <>
          <td className="num strong">{value}</td>
          <td className="num t2">{extra}</td>
        </>
      )}
    </tr>
  );
}
