/** The one message of the desktop shell: the window asks for its port to the engine, and under the same name the port comes. */
export const CONNECT_MESSAGE = 'isotherm:connect';
