import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { useOverlays } from '../state/overlays.ts';
import { useSession } from '../state/session.ts';
import { SHORTCUTS } from './use-shortcuts.ts';

const TREE_KEYS = [
  { keys: ['↑', '↓'], words: 'Move in the tree table' },
  { keys: ['→', '←'], words: 'Open and close a directory' },
  { keys: ['Enter'], words: 'Go into a directory' },
  { keys: ['Backspace', 'Alt ↑'], words: 'Go up to the directory around it' },
  { keys: ['Shift ↑', 'Shift ↓'], words: 'Mark several rows; Shift Space marks one' },
  { keys: ['Ctrl C'], words: 'Copy the rows for a spreadsheet' },
  { keys: ['Space'], words: 'Show or hide the details' },
  { keys: ['L'], words: 'Next colour of the map' },
] as const;

export function HelpDialog() {
  const close = useOverlays((state) => state.close);
  const info = useSession((state) => state.info);
  return (
    <Dialog title="Keys and help" onClose={close}>
      <div className="dialog-body">
        <KeyTable title="Everywhere" lines={SHORTCUTS} />
        <KeyTable title="In Explore" lines={TREE_KEYS} />
        <p className="t2">
          On a Mac, Cmd works as Ctrl. Sizes are binary (1 GiB = 1,073,741,824 B) and times are UTC. Nothing changes in a bucket until a
          plan is reviewed, its bucket typed by name, and applied.
        </p>
        {info === undefined ? null : (
          <p className="row t3 xs">
            <span className="grow">Isotherm {info.version}</span>
            <CopyButton text={`Isotherm ${info.version}, ${navigator.userAgent}`} words="Copy version" kind="quiet" />
          </p>
        )}
      </div>
    </Dialog>
  );
}

function KeyTable({ title, lines }: { title: string; lines: readonly { keys: readonly string[]; words: string }[] }) {
  return (
    <table className="key-table">
      <caption>{title}</caption>
      <tbody>
        {lines.map(({ keys, words }) => (
          <tr key={words}>
            <th scope="row">
              {keys.map((key) => (
                <kbd className="kbd" key={key}>
                  {key}
                </kbd>
              ))}
            </th>
            <td>{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
