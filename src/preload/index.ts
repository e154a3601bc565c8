import { contextBridge, ipcRenderer } from 'electron';
import { COMMAND_MESSAGE, CONNECT_MESSAGE } from '../contract/desktop.ts';

declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer?: readonly unknown[]): void;
};

/**
 * All the window is given: a way to ask for its port to the engine. A port cannot cross the bridge as a value,
 * so it comes as a message from the window to itself.
 */
contextBridge.exposeInMainWorld('isotherm', Object.freeze({ connect: () => ipcRenderer.send(CONNECT_MESSAGE) }));

ipcRenderer.on(CONNECT_MESSAGE, (event) => window.postMessage(CONNECT_MESSAGE, window.location.origin, event.ports));
ipcRenderer.on(COMMAND_MESSAGE, (_event, message: unknown) => window.postMessage(message, window.location.origin));
