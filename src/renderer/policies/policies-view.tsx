import { useEffect } from 'react';
import { ErrorNote } from '../components/states.tsx';
import { useForecast } from '../state/forecast.ts';
import { useOverlays } from '../state/overlays.ts';
import { navigate, useRoute } from '../state/route.ts';
import { redo, undo } from '../state/scenarios.ts';
import { CostPanel } from './cost-panel.tsx';
import { IntentsPanel } from './intents-panel.tsx';
import { PolicyHead } from './policy-head.tsx';
import { ReviewView } from './review/review-view.tsx';
import { useReview } from './review/use-review.ts';
import { RulesPanel } from './rules-panel.tsx';
import { SpellingPanel } from './spelling-panel.tsx';
import { ValidationPanel } from './validation-panel.tsx';

/** What is wanted, the rules it takes, what it would cost; then the review of a plan for one bucket. */
export function PoliciesView() {
  const { review } = useRoute();
  const forecast = useForecast();
  useHistoryKeys();
  // The policy that is shown here is the scenario's: its review is of no other rules.
  useEffect(() => {
    if (!review && useReview.getState().taken !== undefined) useReview.getState().take(undefined);
  }, [review]);
  if (review) return <ReviewView forecast={forecast} />;
  const { compiled, policy, error, retry } = forecast;
  return (
    <div className="policies">
      <h1 className="visually-hidden">Policies</h1>
      <PolicyHead forecast={forecast} />
      <div className={`view policies-body ${forecast.stale ? 'stale' : ''}`.trim()}>
        {error !== undefined && compiled === undefined ? (
          <div className="panel policies-failed">
            <ErrorNote error={error} title="The policy could not be computed." onRetry={retry} />
          </div>
        ) : (
          <>
            <IntentsPanel compiled={compiled} />
            <div className="view policies-middle">
              <RulesPanel compiled={compiled} policy={policy} />
              <ValidationPanel policy={policy} warnings={compiled?.warnings ?? []} />
              {policy === undefined ? null : <SpellingPanel policy={policy} />}
            </div>
            <CostPanel forecast={forecast} />
          </>
        )}
      </div>
    </div>
  );
}

/** Ctrl Z and Ctrl Shift Z go back and forth over what was wanted; Ctrl Enter goes to the review. */
function useHistoryKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || useOverlays.getState().shown !== null) return;
      const isTyping = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox';
      const key = event.key.toLowerCase();
      if (key === 'z' && !isTyping) (event.shiftKey ? redo : undo)();
      else if (event.key === 'Enter') navigate({ view: 'policies', review: true });
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
