import { FolderOpen, Monitor, Moon, Rows2, Rows3, Sun } from 'lucide-react';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { useOverlays } from '../state/overlays.ts';
import { breadcrumb, formatRoute, useRoute } from '../state/route.ts';
import { useSnapshot } from '../state/session.ts';
import { type ThemeSetting, useSettings } from '../state/settings.ts';
import { EvidenceChip, SnapshotChip } from './chips.tsx';
import { WorkspaceMenu } from './workspace-menu.tsx';

/** What is open, how old it is, what is known of its reads, and the way to anything else. */
export function ScopeBar() {
  const snapshot = useSnapshot();
  const show = useOverlays((state) => state.show);
  return (
    <header className="scope">
      <div className="scope-name">
        {snapshot === undefined ? <span className="strong">No workspace open</span> : <WorkspaceMenu bucket={snapshot.bucket} />}
        {snapshot === undefined ? null : <Crumbs />}
        {snapshot?.isSample ? <Badge tone="warn">Sample</Badge> : null}
      </div>
      {snapshot === undefined ? null : (
        <>
          <SnapshotChip snapshot={snapshot} />
          <EvidenceChip />
        </>
      )}
      <span className="scope-tools">
        <button
          type="button"
          className="palette-button"
          aria-label="Ctrl K: commands and places"
          title="Commands and places (Ctrl K)"
          onClick={() => show('palette')}
        >
          <kbd className="kbd">Ctrl K</kbd>
        </button>
        <Button kind="icon" aria-label="Open" title="Open an inventory, a listing or an index (Ctrl O)" onClick={() => show('open')}>
          <FolderOpen size={16} strokeWidth={1.5} aria-hidden="true" />
        </Button>
        <DensityButton />
        <ThemeButton />
      </span>
    </header>
  );
}

function Crumbs() {
  const { view, prefix } = useRoute();
  const steps = view === 'explore' ? breadcrumb(prefix) : [];
  if (steps.length === 0) return null;
  return (
    <nav className="crumbs" aria-label="Where in the bucket">
      <ol>
        <li>
          <a href={formatRoute({ view: 'explore' })} aria-label="The whole bucket" title="The whole bucket">
            ⌂
          </a>
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
