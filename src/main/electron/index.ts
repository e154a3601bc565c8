import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, session } from 'electron';
import { COMMAND_MESSAGE, CONNECT_MESSAGE, LINK_SCHEME } from '../../contract/desktop.ts';
import { projectDir, shellSettings } from '../shell/settings.ts';
import { createEngineHost } from './engine-host.ts';
import { denyByDefault, isOurWindow } from './guards.ts';
import { linkAmong, placeOfLink } from './links.ts';
import { setApplicationMenu, tellWindow } from './menu.ts';
import { declareAppProtocol, handleAppProtocol } from './protocol.ts';
import { openWindow } from './window.ts';

declareAppProtocol();
app.enableSandbox();

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  const settings = { ...shellSettings(), ...(app.isPackaged ? { resourcesDir: join(process.resourcesPath, 'resources') } : {}) };
  const engine = createEngineHost(settings, (status) => {
    dialog.showErrorBox(
      'The engine of Isotherm ended',
      `It ended with status ${status}. Repeat the last step; a new engine starts by itself.`,
    );
  });
  const stateFile = join(app.getPath('userData'), 'window.json');

  const goTo = (place: string | undefined): void => {
    if (place !== undefined) tellWindow({ message: COMMAND_MESSAGE, kind: 'place', hash: place });
  };
  app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, words) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
    goTo(linkAmong(words));
  });
  app.on('open-url', (event, link) => {
    event.preventDefault();
    goTo(placeOfLink(link));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(stateFile);
  });
  app.on('will-quit', () => engine.stop());

  ipcMain.on(CONNECT_MESSAGE, (event) => {
    if (isOurWindow(event)) engine.connect(event.sender);
  });

  void app.whenReady().then(() => {
    denyByDefault(session.defaultSession);
    handleAppProtocol(join(projectDir, 'out', 'renderer'));
    setApplicationMenu(settings.dataDir);
    openWindow(stateFile, linkAmong(process.argv));
  });
}
