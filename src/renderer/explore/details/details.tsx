import type { ReactNode } from 'react';
import type { Node } from '../../../contract/index-views.ts';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDay,
  formatExactBytes,
  formatInstant,
  formatShare,
} from '../../../core/report/format.ts';
import { Badge, ClassBadge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ScrollArea } from '../../components/scroll-area.tsx';
import { useEvidence } from '../../state/evidence.ts';
import { rowName, visibleKey } from '../key-text.ts';
import { moneyText } from '../money-text.ts';
import { Splits } from './splits.tsx';
import { Story } from './story.tsx';

/** Everything known of one directory or version, and what is not. */
export function Details({
  node,
  bucket,
  bucketBytes,
  asOfDay,
}: {
  node: Node | null;
  bucket: string;
  bucketBytes: number;
  asOfDay: number;
}) {
  return (
    <aside className="details" aria-label="Details">
      <ScrollArea label="About the selection" className="details-body">
        {node === null ? (
          <p className="t3">Select a directory or a version to see what it is.</p>
        ) : (
          <>
            <Heading node={node} bucket={bucket} />
            <dl className="kv">
              {node.version === undefined ? <DirectoryFacts node={node} asOfDay={asOfDay} /> : <VersionFacts node={node} />}
              <Fact name="Of bucket">{formatShare(bucketBytes > 0 ? node.bytes / bucketBytes : 0)}</Fact>
              <Fact name="Cost">{node.monthlyNanoUsd === null ? moneyText(node) : `${moneyText(node)} /mo`}</Fact>
            </dl>
            {node.version === undefined ? <Splits node={node} /> : <Story key={nodeKey(node)} node={node} />}
            <Reads path={node.path} />
            <CopyKey path={node.path} key={node.path} />
          </>
        )}
      </ScrollArea>
    </aside>
  );
}

const nodeKey = ({ path, version }: Node): string => `${path} ${version?.versionId ?? ''} ${version?.lastModified ?? ''}`;

function Heading({ node, bucket }: { node: Node; bucket: string }) {
  const name = node.path === '' ? bucket : rowName(node);
  const whole = visibleKey(node.path);
  return (
    <header>
      <div className="details-tags">
        <Badge>{node.type === 'version' ? 'version' : node.path === '' ? 'bucket' : 'directory'}</Badge>
        {node.version === undefined ? null : <VersionTags version={node.version} />}
      </div>
      <h2 title={whole}>
        <bdi>{name}</bdi>
      </h2>
      {node.path === '' ? null : (
        <p className="details-key mono t3">
          <bdi>{whole}</bdi>
        </p>
      )}
    </header>
  );
}

function VersionTags({ version }: { version: NonNullable<Node['version']> }) {
  if (version.isDeleteMarker) return <Badge tone="warn">delete marker</Badge>;
  return (
    <>
      {version.isLatest ? <Badge tone="ok">current</Badge> : <Badge tone="warn">noncurrent</Badge>}
      <span className="grow" />
      <ClassBadge storageClass={version.storageClass} />
    </>
  );
}

function DirectoryFacts({ node, asOfDay }: { node: Node; asOfDay: number }) {
  const dark = node.bytes > 0 ? ` (${formatShare(node.noncurrentBytes / node.bytes)})` : '';
  return (
    <>
      <Fact name="Size" title={formatExactBytes(node.bytes)} isStrong>
        {formatBytes(node.bytes)}
      </Fact>
      <Fact name="Versions">{formatCount(node.versions)}</Fact>
      {node.deleteMarkers > 0 ? <Fact name="Delete markers">{formatCount(node.deleteMarkers)}</Fact> : null}
      <Fact name="Noncurrent" title={formatExactBytes(node.noncurrentBytes)}>
        {formatBytes(node.noncurrentBytes)}
        {dark}
      </Fact>
      <Fact name="Directly below">{formatCount(node.childCount)}</Fact>
      <Fact name="Newest write">{written(node.newestWriteDay, asOfDay)}</Fact>
      <Fact name="Oldest write">{written(node.oldestWriteDay, asOfDay)}</Fact>
    </>
  );
}

function written(day: number | null, asOfDay: number): ReactNode {
  if (day === null) return 'unknown';
  return (
    <>
      {formatDay(day)} <span className="t3">{formatAge(asOfDay - day)}</span>
    </>
  );
}

function VersionFacts({ node }: { node: Node }) {
  const { version } = node;
  if (version === undefined) return null;
  return (
    <>
      {version.isDeleteMarker ? null : (
        <Fact name="Size" title={formatExactBytes(node.bytes)} isStrong>
          {formatBytes(node.bytes)}
        </Fact>
      )}
      <Fact name="Version ID">
        <bdi className="mono">{version.versionId === null ? 'not in this source' : visibleKey(version.versionId)}</bdi>
      </Fact>
      {version.isDeleteMarker ? null : <Fact name="Storage class">{version.storageClass}</Fact>}
      <Fact name="Last modified">{formatInstant(version.lastModified)}</Fact>
      {version.noncurrentSince === null ? null : <Fact name="Noncurrent since">{formatInstant(version.noncurrentSince)}</Fact>}
      <Fact name="Kind">{version.kind === 'other' ? 'unknown' : version.kind.replaceAll('_', ' ')}</Fact>
      <Fact name="Identified by">
        {version.ruleId === null ? (
          'unknown'
        ) : (
          <>
            rule <code>{version.ruleId}</code>
          </>
        )}
      </Fact>
    </>
  );
}

function Fact({ name, title, isStrong = false, children }: { name: string; title?: string; isStrong?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isStrong ? 'strong' : ''} title={title}>
        {children}
      </dd>
    </div>
  );
}

/** What is known of reads in the directory that is shown, or in the one a version lies in. */
function Reads({ path }: { path: string }) {
  const prefix = path.slice(0, path.lastIndexOf('/') + 1);
  const evidence = useEvidence(prefix);
  const where = prefix === path ? '' : `in ${visibleKey(prefix) || 'the top of the bucket'} `;
  return (
    <div className="details-reads">
      <i className="hatch" aria-hidden="true" />
      <p>
        {evidence === undefined || evidence === null
          ? 'Reads: unknown — no access logs indexed. Unknown is not cold.'
          : evidence.share === 0
            ? `Reads: unknown ${where}— the logs from ${evidence.from} on do not tell. Unknown is not cold.`
            : `Reads: ${evidence.words} of the bytes ${where}in units, from logs of ${evidence.from} to ${evidence.to}. The rest is unknown, not cold.`}
      </p>
    </div>
  );
}

/** The key exactly as S3 holds it, not as it is shown. */
function CopyKey({ path }: { path: string }) {
  if (path === '') return null;
  return (
    <div className="details-acts">
      <CopyButton key={path} text={path} words="Copy key" />
    </div>
  );
}
