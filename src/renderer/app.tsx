import { useEffect } from 'react';
import { ExploreView } from './explore/explore-view.tsx';
import { FlashLines } from './frame/flash-lines.tsx';
import { HelpDialog } from './frame/help-dialog.tsx';
import { OpenDialog } from './frame/open-dialog.tsx';
import { Opening } from './frame/opening.tsx';
import { Rail } from './frame/rail.tsx';
import { ScopeBar } from './frame/scope-bar.tsx';
import { StatusBar } from './frame/status-bar.tsx';
import { useShortcuts } from './frame/use-shortcuts.ts';
import { OverviewView } from './overview/overview-view.tsx';
import { PoliciesView } from './policies/policies-view.tsx';
import { useRoute } from './state/route.ts';
import { useAt, useSession } from './state/session.ts';

const VIEW_NAMES = { overview: 'Overview', explore: 'Explore', policies: 'Policies' } as const;

/** The window: rail, scope bar, one view, status bar. */
export function App() {
  const { view } = useRoute();
  const at = useAt();
  const isOpenDialogShown = useSession((state) => state.isOpenDialogShown);
  const isHelpShown = useSession((state) => state.isHelpShown);
  useShortcuts();
  useEffect(() => {
    document.title = `${VIEW_NAMES[view]} · Isotherm`;
  }, [view]);
  return (
    <>
      <button type="button" className="skip btn" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the view
      </button>
      <div className="app">
        <Rail />
        <ScopeBar />
        <main id="main" tabIndex={-1} className="main" aria-label={VIEW_NAMES[view]}>
          <FlashLines />
          <div className="main-view">
            {at === null ? <Opening /> : view === 'explore' ? <ExploreView /> : view === 'policies' ? <PoliciesView /> : <OverviewView />}
          </div>
        </main>
        <StatusBar />
      </div>
      {isOpenDialogShown ? <OpenDialog /> : null}
      {isHelpShown ? <HelpDialog /> : null}
    </>
  );
}
