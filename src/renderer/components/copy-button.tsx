import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

/** Copies a text exactly as it is given, and says whether the clipboard took it. */
export function CopyButton({ text, words, kind }: { text: string; words: string; kind?: 'quiet' }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const Icon = state === 'copied' ? Check : Copy;
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <Button {...(kind === undefined ? {} : { kind })} onClick={copy}>
      <Icon size={14} strokeWidth={1.5} aria-hidden="true" />
      <span aria-live="polite">{{ ready: words, copied: 'Copied', failed: 'The clipboard refused' }[state]}</span>
    </Button>
  );
}
