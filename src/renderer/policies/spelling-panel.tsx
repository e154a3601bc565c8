import { useState } from 'react';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import { POLICY_FORMATS } from '../../contract/policy-formats.ts';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { useQuery } from '../state/query.ts';
import { saveText } from '../state/save-text.ts';
import { useSnapshot } from '../state/session.ts';

type Format = (typeof POLICY_FORMATS)[number];

const NAMES: Readonly<Partial<Record<Format, string>>> = {
  json: 'JSON',
  cli: 'CLI',
  xml: 'XML',
  terraform: 'Terraform',
  'terraform-json': 'Terraform JSON',
  'cloudformation-yaml': 'CloudFormation YAML',
  cloudformation: 'CloudFormation',
};

/** The configuration in the spelling somebody keeps it in: to read, to copy, to save. */
export function SpellingPanel({ policy }: { policy: LifecycleConfiguration }) {
  const [format, setFormat] = useState<Format>(POLICY_FORMATS[0]);
  const [words, setWords] = useState('Copy');
  const bucket = useSnapshot()?.bucket;
  const text = JSON.stringify(policy);
  const { data, error, retry } = useQuery('policy.convert', { text, to: format, ...(bucket === undefined ? {} : { bucket }) });
  const copy = (): void => {
    if (data === undefined) return;
    navigator.clipboard.writeText(data.text).then(
      () => setWords('Copied'),
      () => setWords('Could not copy'),
    );
  };
  return (
    <Panel
      title="In S3’s own spelling"
      note={`${policy.Rules.length} ${policy.Rules.length === 1 ? 'rule' : 'rules'}`}
      className="policies-spelling"
      action={
        <span className="row">
          <Button kind="quiet" onClick={copy} disabled={data === undefined}>
            {words}
          </Button>
          <Button kind="quiet" disabled={data === undefined} onClick={() => data !== undefined && saveText(fileName(format), data.text)}>
            Save
          </Button>
        </span>
      }
    >
      <ScrollArea label="Lifecycle configuration" className="fill spelling">
        {error !== undefined ? (
          <ErrorNote error={error} onRetry={retry} />
        ) : data === undefined ? (
          <Waiting what="Spelling it" />
        ) : (
          <pre>{data.text}</pre>
        )}
      </ScrollArea>
      <fieldset className="formats row" aria-label="Spelling">
        {POLICY_FORMATS.map((name) => (
          <button key={name} type="button" className="format" aria-pressed={name === format} onClick={() => setFormat(name)}>
            {NAMES[name] ?? name}
          </button>
        ))}
      </fieldset>
    </Panel>
  );
}

const fileName = (format: Format): string =>
  `lifecycle.${format.startsWith('terraform') ? 'tf' : format === 'xml' ? 'xml' : format.includes('yaml') ? 'yaml' : 'json'}`;
