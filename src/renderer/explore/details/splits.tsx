import type { ReactNode } from 'react';
import type { Node } from '../../../contract/index-views.ts';
import { AGE_BINS } from '../../../contract/vocabulary.ts';
import { formatBytes, formatShare } from '../../../core/report/format.ts';
import { ClassBadge } from '../../components/badge.tsx';
import { MixBar } from '../../components/bars.tsx';
import { cssVars } from '../../components/css-vars.ts';
import { AGE_LABELS, CATEGORY_WORDS } from '../../overview/pivot-table.ts';
import { ageToken, categoryToken, classToken } from '../../theme/colors.ts';
import { className } from '../map/layers.ts';

type Part = { readonly key: string; readonly value: number; readonly token: string; readonly label: ReactNode };

/** A directory's bytes told apart in three ways, each as one bar with its figures. */
export function Splits({ node }: { node: Node }) {
  if (node.bytes === 0) return null;
  const age = node.bytesByAge.map((value, i) => ({
    key: AGE_BINS[i]?.key ?? String(i),
    value,
    token: ageToken(i),
    label: AGE_LABELS[i],
  }));
  const classes = node.bytesByClass.map(([key, value]) => ({
    key,
    value,
    token: classToken(key),
    label: (
      <>
        <ClassBadge storageClass={key} /> {className(key)}
      </>
    ),
  }));
  const categories = node.bytesByCategory.map(([key, value]) => ({ key, value, token: categoryToken(key), label: CATEGORY_WORDS[key] }));
  return (
    <>
      <Split title="Class" parts={classes} total={node.bytes} hasBadges />
      <Split title="Category" parts={categories} total={node.bytes} />
      <Split title="Last write" parts={age} total={node.bytes} isOrdered />
    </>
  );
}

/** What no rule tells is hatched, as everywhere. */
function Swatch({ part }: { part: Part }) {
  return part.key === 'other' ? <i className="swatch hatch" /> : <i className="swatch" style={cssVars({ c: `var(${part.token})` })} />;
}

function Split({
  title,
  parts,
  total,
  hasBadges = false,
  isOrdered = false,
}: {
  title: string;
  parts: readonly Part[];
  total: number;
  hasBadges?: boolean;
  isOrdered?: boolean;
}) {
  const present = parts.filter((part) => part.value > 0);
  const listed = isOrdered ? present : [...present].sort((a, b) => b.value - a.value);
  return (
    <section className="split">
      <h3>{title}</h3>
      <MixBar parts={listed} />
      <ul>
        {listed.map((part) => (
          <li key={part.key}>
            {hasBadges ? null : <Swatch part={part} />}
            <span className="ellipsis grow">{part.label}</span>
            <span>{formatBytes(part.value)}</span>
            <span className="split-share t2">{formatShare(part.value / total)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
