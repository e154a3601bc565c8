import { fileURLToPath } from 'node:url';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { APP_ORIGIN } from './origin.ts';
import { clampBounds, MINIMUM_SIZE, readWindowState, writeWindowState } from './window-state.ts';

/** The background of the page itself, so that a window never flashes. */
const BACKGROUND = { light: '#f6f6f4', dark: '#0e1114' };

/** Opens the window where it was closed last; at a place of its own when a link started the app. */
export function openWindow(stateFile: string, place = ''): BrowserWindow {
  const saved = readWindowState(stateFile);
  // The primary screen first: an unknown place falls back to it.
  const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea);
  const window = new BrowserWindow({
    ...clampBounds(saved, screens),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title: 'Isotherm',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (saved?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
  void window.loadURL(`${APP_ORIGIN}/${place}`);
  return window;
}
