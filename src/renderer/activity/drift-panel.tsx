import { formatInstant } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { ErrorNote } from '../components/states.tsx';
import { Line } from '../policies/validation-panel.tsx';
import { useActivity } from './use-activity.ts';

/** Whether buckets still are as they were last left from this machine. Reads them, writes nothing. */
export function DriftPanel() {
  const { drifts, unreadable, driftError, checkedAtMs, isChecking, check } = useActivity();
  return (
    <Panel
      title="Drift"
      note={checkedAtMs === undefined ? 'not looked yet' : `looked ${formatInstant(new Date(checkedAtMs).toISOString())}`}
      className="activity-drift"
      action={
        <Button kind="quiet" disabled={isChecking} onClick={() => void check()}>
          {isChecking ? 'Looking' : 'Look now'}
        </Button>
      }
    >
      <ScrollArea label="Drift" className="fill">
        {driftError !== undefined ? (
          <ErrorNote error={driftError} title="The buckets could not be read." onRetry={() => void check()} />
        ) : null}
        {checkedAtMs === undefined && driftError === undefined ? (
          <p className="t3">
            Compares the rules and settings of every bucket that was changed from here with what was last applied, and names rules that look
            like an accident or an attack.
          </p>
        ) : null}
        {checkedAtMs !== undefined && drifts.length + unreadable.length === 0 ? (
          <p className="t3">No bucket was changed from this machine.</p>
        ) : null}
        {drifts.map((report) => (
          <section key={report.bucket} className="drift-bucket">
            <h3 className="ellipsis">{report.bucket}</h3>
            {!report.drifted && report.redFlags.length === 0 ? <Line tone="ok">As it was last left.</Line> : null}
            {report.findings.map(({ what, words, severity }) => (
              <Line key={`${what} ${words}`} tone={severity === 'danger' ? 'bad' : 'warn'}>
                {words}
              </Line>
            ))}
            {report.redFlags.map(({ ruleId, words, score }) => (
              <Line key={`${ruleId} ${words}`} tone="bad" more={`Score ${score} of 100.`}>
                {words}
              </Line>
            ))}
            {report.inverse === null ? null : <p className="t2">{report.inverse.words}</p>}
          </section>
        ))}
        {unreadable.map(({ bucket, words }) => (
          <Line key={bucket} tone="warn">{`${bucket}: ${words}`}</Line>
        ))}
      </ScrollArea>
    </Panel>
  );
}
