import { app, type IpcMainEvent, type Session } from 'electron';
import { APP_ORIGIN } from './origin.ts';

/** Nothing the window shows may navigate away, open another window, embed a web view or ask for a permission. */
export function denyByDefault(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** True for a message from the main frame of our own page, and from nothing else. */
export function isOurWindow(event: Pick<IpcMainEvent, 'senderFrame' | 'sender'>): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame !== event.sender.mainFrame) return false;
  try {
    const url = new URL(frame.url);
    // Node gives schemes it does not know the origin "null", so host and scheme are compared themselves.
    return `${url.protocol}//${url.host}` === APP_ORIGIN;
  } catch {
    return false;
  }
}
