import { Grid3x2, LayoutDashboard, type LucideIcon, TrendingDown } from 'lucide-react';
import { formatRoute, useRoute, type View } from '../state/route.ts';
import { Mark } from './mark.tsx';

const ITEMS: readonly { view: View; label: string; Icon: LucideIcon }[] = [
  { view: 'overview', label: 'Overview', Icon: LayoutDashboard },
  { view: 'explore', label: 'Explore', Icon: Grid3x2 },
  { view: 'policies', label: 'Policies', Icon: TrendingDown },
];

export function Rail() {
  const route = useRoute();
  return (
    <nav className="rail" aria-label="Views">
      <div className="mark" title="Isotherm">
        <Mark />
      </div>
      {ITEMS.map(({ view, label, Icon }, at) => (
        <a
          key={view}
          className="rail-item"
          href={formatRoute({ view })}
          aria-current={route.view === view ? 'page' : undefined}
          title={`${label} (Ctrl ${at + 1})`}
        >
          <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
          {label}
        </a>
      ))}
    </nav>
  );
}
