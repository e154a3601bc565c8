import { CircleX, Info, TriangleAlert, X } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { ErrorNote } from '../components/states.tsx';
import { type FlashLine, useFlash } from '../state/flash.ts';

const ICONS = { bad: CircleX, warn: TriangleAlert, note: Info } as const;

/** What the window has to say, as lines above the view; nothing floats over figures. */
export function FlashLines() {
  const lines = useFlash((state) => state.lines);
  if (lines.length === 0) return null;
  return (
    <div className="flash">
      {lines.map((line) => (
        <Line key={line.id} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { line: FlashLine }) {
  const dismiss = useFlash((state) => state.dismiss);
  const Icon = ICONS[line.tone];
  return (
    <div className={`flash-line ${line.tone}`}>
      {line.error === undefined ? (
        <p className="row grow" role="status">
          <Icon className="icon-svg" size={16} aria-hidden="true" />
          {line.title}
        </p>
      ) : (
        <ErrorNote error={line.error} title={line.title} consequence={line.consequence} />
      )}
      <Button kind="icon" aria-label="Dismiss" onClick={() => dismiss(line.id)}>
        <X size={16} aria-hidden="true" />
      </Button>
    </div>
  );
}
