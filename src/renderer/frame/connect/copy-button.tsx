import { useState } from 'react';
import { Button } from '../../components/button.tsx';

/** Puts a text on the clipboard and says whether it got there. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [words, setWords] = useState(label);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setWords('Copied'),
      () => setWords('Could not copy'),
    );
  };
  return (
    <Button kind="quiet" onClick={copy}>
      {words}
    </Button>
  );
}
