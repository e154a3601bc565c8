import { CircleHelp, FolderOpen, Monitor, Moon, Rows2, Rows3, Sun } from 'lucide-react';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { breadcrumb, formatRoute, useRoute } from '../state/route.ts';
import { useSession, useSnapshot } from '../state/session.ts';
import { type ThemeSetting, useSettings } from '../state/settings.ts';
import { PriceChip, SnapshotChip } from './chips.tsx';

/** What is open, how old it is, what prices hold. */
export function ScopeBar() {
  const snapshot = useSnapshot();
  const showOpenDialog = useSession((state) => state.showOpenDialog);
  const showHelp = useSession((state) => state.showHelp);
  return (
    <header className="scope">
      <div className="scope-name">
        <Crumbs bucket={snapshot?.bucket} />
        {snapshot?.isSample ? <Badge tone="warn">Sample</Badge> : null}
      </div>
      {snapshot === undefined ? null : (
        <>
          <SnapshotChip snapshot={snapshot} />
          <PriceChip />
        </>
      )}
      <Button onClick={() => showOpenDialog(true)} title="Open an inventory or list a bucket (Ctrl O)">
        <FolderOpen size={16} strokeWidth={1.5} aria-hidden="true" />
        Open
      </Button>
      <span className="scope-tools">
        <DensityButton />
        <ThemeButton />
        <Button kind="icon" aria-label="Keys and help" title="Keys and help (?)" onClick={() => showHelp(true)}>
          <CircleHelp size={16} strokeWidth={1.5} aria-hidden="true" />
        </Button>
      </span>
    </header>
  );
}

function Crumbs({ bucket }: { bucket: string | undefined }) {
  const { view, prefix } = useRoute();
  if (bucket === undefined) return <span className="strong">No workspace open</span>;
  const steps = view === 'explore' ? breadcrumb(prefix) : [];
  if (steps.length === 0) return <span className="crumb-here">{bucket}</span>;
  return (
    <nav className="crumbs" aria-label="Where in the bucket">
      <ol>
        <li>
          <a href={formatRoute({ view: 'explore' })}>{bucket}</a>
        </li>
        {steps.map(({ name, path }, at) => (
          <li key={path}>
            {at === steps.length - 1 ? (
              <span className="crumb-here" aria-current="location">
                <bdi>{visibleKey(name)}</bdi>
              </span>
            ) : (
              <a href={formatRoute({ view: 'explore', prefix: path })}>
                <bdi>{visibleKey(name)}</bdi>
              </a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const NEXT_THEME: Record<ThemeSetting, ThemeSetting> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

function ThemeButton() {
  const theme = useSettings((state) => state.theme);
  const setTheme = useSettings((state) => state.setTheme);
  const Icon = THEME_ICONS[theme];
  const words = `Theme: ${theme}. Switch to ${NEXT_THEME[theme]}`;
  return (
    <Button kind="icon" aria-label={words} title={words} onClick={() => setTheme(NEXT_THEME[theme])}>
      <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
    </Button>
  );
}

function DensityButton() {
  const density = useSettings((state) => state.resolvedDensity);
  const setDensity = useSettings((state) => state.setDensity);
  const other = density === 'compact' ? 'cosy' : 'compact';
  const words = `Rows: ${density}. Switch to ${other}`;
  const Icon = density === 'compact' ? Rows3 : Rows2;
  return (
    <Button kind="icon" aria-label={words} title={words} onClick={() => setDensity(other)}>
      <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
    </Button>
  );
}
