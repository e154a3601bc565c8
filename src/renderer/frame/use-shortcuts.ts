import { useEffect } from 'react';
import { useOverlays } from '../state/overlays.ts';
import { COMMANDS } from './commands.ts';

/** What the frame's keys do, as the help lists them. */
export const SHORTCUTS: readonly { readonly keys: readonly string[]; readonly words: string }[] = [
  { keys: ['Ctrl K'], words: 'Commands and places' },
  ...COMMANDS.filter(({ keys }) => keys !== undefined).map(({ keys, title }) => ({ keys: [keys ?? ''], words: title })),
  { keys: ['Esc'], words: 'Close a dialog' },
  { keys: ['Tab', 'Shift Tab'], words: 'Next and previous control' },
];

/** "ctrl+1" or "ctrl+shift+o" -> what it runs. */
const BY_KEY = new Map(
  COMMANDS.filter(({ keys }) => keys?.startsWith('Ctrl ')).map((command) => [
    command.keys?.toLowerCase().replaceAll(' ', '+') ?? '',
    command,
  ]),
);

export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const { shown, show } = useOverlays.getState();
      if (event.ctrlKey || event.metaKey) {
        const key = event.key.toLowerCase();
        // The palette may follow another overlay; nothing else may.
        if (key === 'k' && !event.shiftKey) show('palette');
        else if (shown !== null) return;
        else {
          const command = BY_KEY.get(`ctrl+${event.shiftKey ? 'shift+' : ''}${key}`);
          if (command === undefined) return;
          command.run();
        }
        event.preventDefault();
      } else if (event.key === '?' && shown === null && !isTyping(event.target)) {
        event.preventDefault();
        show('help');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range');
