import { useEffect } from 'react';
import { navigate, VIEWS } from '../state/route.ts';
import { useSession } from '../state/session.ts';

/** Every key the frame knows; the help dialog lists these same lines. */
export const SHORTCUTS = [
  { keys: ['Ctrl 1', 'Ctrl 2', 'Ctrl 3'], words: 'Overview, Explore, Policies' },
  { keys: ['Ctrl O'], words: 'Open an inventory or list a bucket' },
  { keys: ['?'], words: 'This help' },
  { keys: ['Esc'], words: 'Close a dialog' },
  { keys: ['Tab', 'Shift Tab'], words: 'Next and previous control' },
] as const;

export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const session = useSession.getState();
      const isDialogShown = session.isOpenDialogShown || session.isHelpShown;
      if (event.ctrlKey || event.metaKey) {
        const view = VIEWS[Number(event.key) - 1];
        if (view !== undefined && !isDialogShown) navigate({ view });
        else if (event.key.toLowerCase() === 'o' && !event.shiftKey) session.showOpenDialog(true);
        else return;
        event.preventDefault();
      } else if (event.key === '?' && !isDialogShown && !isTyping(event.target)) {
        event.preventDefault();
        session.showHelp(true);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
