const LINES = [
  ['--h1', 9],
  ['--h3', 14],
  ['--h4', 19],
] as const;

/** Three isotherms. */
export function Mark() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" fill="none" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
      {LINES.map(([token, y]) => (
        <path key={token} stroke={`var(${token})`} d={`M4 ${y + 1}c4-4 6-4 10-1s6 3 10-1`} />
      ))}
    </svg>
  );
}

/** Six contour lines from hot to cold, drawn for the opening screen. */
export function Isotherms() {
  return (
    <svg className="isotherms" viewBox="0 0 560 150" fill="none" strokeWidth="1.5" preserveAspectRatio="none" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((line) => (
        <path key={line} stroke={`var(--h${line})`} vectorEffect="non-scaling-stroke" d={contour(line)} />
      ))}
    </svg>
  );
}

function contour(line: number): string {
  const points: string[] = [];
  for (let x = 0; x <= 560; x += 8) {
    const swing = 15 - line * 2.2;
    const y = 20 + line * 22 - swing * Math.sin(x / 84 + line * 0.32) * (0.55 + 0.45 * Math.cos(x / 190 - line * 0.2));
    points.push(`${x} ${y.toFixed(1)}`);
  }
  return `M${points.join('L')}`;
}
