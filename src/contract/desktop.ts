/** The one message of the desktop shell: the window asks for its port to the engine, and under the same name the port comes. */
export const CONNECT_MESSAGE = 'isotherm:connect';

/** What the native menu and links ask of the window: a command by its name, or a place as a route. */
export const COMMAND_MESSAGE = 'isotherm:command';

/** What carries it: `id` of a command, or `hash` of a place, which is only looked at. */
export type DesktopMessage =
  | { readonly message: typeof COMMAND_MESSAGE; readonly kind: 'command'; readonly id: string }
  | { readonly message: typeof COMMAND_MESSAGE; readonly kind: 'place'; readonly hash: string };

/** The scheme of links into the window, such as "isotherm://explore?prefix=runs/". They only read. */
export const LINK_SCHEME = 'isotherm';

/** The commands that both the native menu and the window's palette list. */
export const COMMAND_IDS = [
  'view-overview',
  'view-explore',
  'view-checkpoints',
  'view-policies',
  'view-compliance',
  'view-activity',
  'open',
  'sample',
  'palette',
  'density',
  'details',
  'help',
] as const;
export type CommandId = (typeof COMMAND_IDS)[number];
