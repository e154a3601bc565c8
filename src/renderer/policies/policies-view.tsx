import { ErrorNote } from '../components/states.tsx';
import { useForecast } from '../state/forecast.ts';
import { useRoute } from '../state/route.ts';
import { CompiledPanels } from './compiled-panels.tsx';
import { PolicyHead } from './policy-head.tsx';
import { ReviewView } from './review/review-view.tsx';
import { SavingsPanel } from './savings-panel.tsx';

/** A preset, the rules it compiles to, what they would cost; then the review of a plan for one bucket. */
export function PoliciesView() {
  const { review } = useRoute();
  const forecast = useForecast();
  if (review) return <ReviewView forecast={forecast} />;
  return (
    <div className="policies">
      <h1 className="visually-hidden">Policies</h1>
      <PolicyHead forecast={forecast} />
      <div className={`view policies-body ${forecast.stale ? 'stale' : ''}`.trim()}>
        {forecast.error === undefined ? (
          <>
            <CompiledPanels recommendation={forecast.recommendation} />
            <SavingsPanel simulation={forecast.simulation} presetName={forecast.presetName} />
          </>
        ) : (
          <div className="panel policies-failed">
            <ErrorNote error={forecast.error} title="The policy could not be computed." onRetry={forecast.retry} />
          </div>
        )}
      </div>
    </div>
  );
}
