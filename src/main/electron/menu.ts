import { app, BrowserWindow, Menu, type MenuItemConstructorOptions, shell } from 'electron';
import { COMMAND_MESSAGE, type CommandId, type DesktopMessage } from '../../contract/desktop.ts';

/** Sends a message to the window in front, or to the one there is. */
export function tellWindow(message: DesktopMessage): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  window?.webContents.send(COMMAND_MESSAGE, message);
}

const command = (label: string, id: CommandId, accelerator?: string): MenuItemConstructorOptions => ({
  label,
  ...(accelerator === undefined ? {} : { accelerator }),
  click: () => tellWindow({ message: COMMAND_MESSAGE, kind: 'command', id }),
});

/**
 * The native menu: standard roles where there are any, so that every platform's own keys and words apply, and the
 * window's own commands. None of them writes to a bucket.
 */
function menuTemplate(options: {
  readonly isMac: boolean;
  readonly isPackaged: boolean;
  readonly dataDir: string;
}): MenuItemConstructorOptions[] {
  const separator = { type: 'separator' } as const;
  return [
    ...(options.isMac ? [{ role: 'appMenu' } as const] : []),
    {
      role: 'fileMenu',
      submenu: [
        command('Open an Inventory, a Listing or an Index…', 'open', 'CmdOrCtrl+O'),
        command('Sample Bucket', 'sample'),
        separator,
        { role: options.isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        command('Commands and Places…', 'palette', 'CmdOrCtrl+K'),
        separator,
        command('Overview', 'view-overview', 'CmdOrCtrl+1'),
        command('Explore', 'view-explore', 'CmdOrCtrl+2'),
        command('Checkpoints', 'view-checkpoints', 'CmdOrCtrl+3'),
        command('Policies', 'view-policies', 'CmdOrCtrl+4'),
        command('Compliance', 'view-compliance', 'CmdOrCtrl+5'),
        command('Activity', 'view-activity', 'CmdOrCtrl+6'),
        separator,
        command('Details', 'details'),
        command('Compact or Cosy Rows', 'density'),
        separator,
        { role: 'reload' },
        ...(options.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        command('Keys and Help', 'help', 'F1'),
        { label: 'Show the Data Folder', click: () => void shell.openPath(options.dataDir) },
        separator,
        { role: 'about' },
      ],
    },
  ];
}

export function setApplicationMenu(dataDir: string): void {
  const template = menuTemplate({ isMac: process.platform === 'darwin', isPackaged: app.isPackaged, dataDir });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
