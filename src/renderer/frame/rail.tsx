import { formatRoute, useRoute } from '../state/route.ts';
import { VIEW_ENTRIES } from './commands.ts';
import { Mark } from './mark.tsx';
import { PriceMenu } from './price-menu.tsx';

export function Rail() {
  const route = useRoute();
  return (
    <div className="rail">
      <div className="mark" title="Isotherm">
        <Mark />
      </div>
      <nav className="rail-views" aria-label="Views">
        {VIEW_ENTRIES.map(({ view, label, Icon }, at) => (
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
      <PriceMenu />
    </div>
  );
}
