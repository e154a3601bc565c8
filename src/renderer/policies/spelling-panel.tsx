import { useState } from 'react';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';

/** The configuration exactly as S3 takes it. */
export function SpellingPanel({ policy }: { policy: LifecycleConfiguration }) {
  const [words, setWords] = useState('Copy');
  const text = JSON.stringify(policy, null, 2);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setWords('Copied'),
      () => setWords('Could not copy'),
    );
  };
  return (
    <Panel
      title="In S3’s own spelling"
      note={`${policy.Rules.length} ${policy.Rules.length === 1 ? 'rule' : 'rules'}`}
      action={
        <Button kind="quiet" onClick={copy}>
          {words}
        </Button>
      }
    >
      <ScrollArea label="Lifecycle configuration as JSON" className="fill spelling">
        <pre>{text}</pre>
      </ScrollArea>
    </Panel>
  );
}
