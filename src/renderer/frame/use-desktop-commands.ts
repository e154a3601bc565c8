import { useEffect } from 'react';
import * as v from 'valibot';
import { COMMAND_MESSAGE } from '../../contract/desktop.ts';
import { useOverlays } from '../state/overlays.ts';
import { formatRoute, parseRoute } from '../state/route.ts';
import { runCommand } from './commands.ts';

const MessageSchema = v.variant('kind', [
  v.object({ message: v.literal(COMMAND_MESSAGE), kind: v.literal('command'), id: v.string() }),
  v.object({ message: v.literal(COMMAND_MESSAGE), kind: v.literal('place'), hash: v.string() }),
]);

/** Does what the native menu asks, and goes where a link of the desktop points: a place is only looked at. */
export function useDesktopCommands(): void {
  useEffect(() => {
    const onMessage = (event: MessageEvent): void => {
      if (event.source !== window) return;
      const parsed = v.safeParse(MessageSchema, event.data);
      if (!parsed.success) return;
      const asked = parsed.output;
      if (asked.kind === 'place') window.location.hash = formatRoute(parseRoute(asked.hash));
      else if (asked.id === 'palette') useOverlays.getState().show('palette');
      else runCommand(asked.id);
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, []);
}
