/** Where the window's files live. */
export const APP_ORIGIN = 'app://isotherm';
