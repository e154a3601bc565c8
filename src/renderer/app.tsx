import { useEffect } from 'react';
import { ActivityView } from './activity/activity-view.tsx';
import { CheckpointsView } from './checkpoints/checkpoints-view.tsx';
import { ComplianceView } from './compliance/compliance-view.tsx';
import { ExploreView } from './explore/explore-view.tsx';
import { VIEW_ENTRIES } from './frame/commands.ts';
import { FlashLines } from './frame/flash-lines.tsx';
import { HelpDialog } from './frame/help-dialog.tsx';
import { OpenDialog } from './frame/open-dialog.tsx';
import { Opening } from './frame/opening.tsx';
import { Palette } from './frame/palette/palette.tsx';
import { Rail } from './frame/rail.tsx';
import { ScopeBar } from './frame/scope-bar.tsx';
import { StatusBar } from './frame/status-bar.tsx';
import { useDesktopCommands } from './frame/use-desktop-commands.ts';
import { useShortcuts } from './frame/use-shortcuts.ts';
import { OverviewView } from './overview/overview-view.tsx';
import { PoliciesView } from './policies/policies-view.tsx';
import { useOverlays } from './state/overlays.ts';
import { useRoute, type View } from './state/route.ts';
import { useAt } from './state/session.ts';

const SCREENS: Readonly<Record<View, () => React.ReactNode>> = {
  overview: OverviewView,
  explore: ExploreView,
  checkpoints: CheckpointsView,
  policies: PoliciesView,
  compliance: ComplianceView,
  activity: ActivityView,
};

/** The window: rail, scope bar, one view, status bar. */
export function App() {
  const { view } = useRoute();
  const at = useAt();
  const overlay = useOverlays((state) => state.shown);
  const name = VIEW_ENTRIES.find((entry) => entry.view === view)?.label ?? '';
  const Screen = SCREENS[view];
  useShortcuts();
  useDesktopCommands();
  useEffect(() => {
    document.title = `${name} · Isotherm`;
  }, [name]);
  return (
    <>
      <button type="button" className="skip btn" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the view
      </button>
      <div className="app">
        <Rail />
        <ScopeBar />
        <main id="main" tabIndex={-1} className="main" aria-label={name}>
          <FlashLines />
          <div className="main-view">{at === null ? <Opening /> : <Screen />}</div>
        </main>
        <StatusBar />
      </div>
      {overlay === 'open' ? <OpenDialog /> : null}
      {overlay === 'help' ? <HelpDialog /> : null}
      {overlay === 'palette' ? <Palette /> : null}
    </>
  );
}
