import * as v from 'valibot';
import { create } from 'zustand';
import { keep } from './desk.ts';

export type ThemeSetting = 'system' | 'light' | 'dark';
type DensitySetting = 'auto' | 'compact' | 'cosy';

interface Settings {
  readonly theme: ThemeSetting;
  readonly density: DensitySetting;
  readonly resolvedTheme: 'light' | 'dark';
  readonly resolvedDensity: 'compact' | 'cosy';
  setTheme(theme: ThemeSetting): void;
  setDensity(density: DensitySetting): void;
}

const STORAGE_KEY = 'isotherm.settings';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const wide = window.matchMedia('(min-width: 1600px)');

const remembered = recall();

export const useSettings = create<Settings>()((set) => ({
  ...remembered,
  ...resolve(remembered),
  setTheme: (theme) => set((state) => keepHere({ theme, density: state.density })),
  setDensity: (density) => set((state) => keepHere({ theme: state.theme, density })),
}));

/** The browser's own storage is there at once, so that nothing flashes; the desk knows the choice at every address. */
const ChoiceSchema = v.object({ theme: v.picklist(['system', 'light', 'dark']), density: v.picklist(['auto', 'compact', 'cosy']) });
keep(useSettings, 'settings', ChoiceSchema, ({ theme, density }) => ({ theme, density }));

/** Puts theme and density on the document and follows the system and the window's width from now on. */
export function startSettings(): void {
  const refresh = () => useSettings.setState((state) => resolve(state));
  dark.addEventListener('change', refresh);
  wide.addEventListener('change', refresh);
  refresh();
  useSettings.subscribe((state, before) => {
    if (state.theme !== before.theme || state.density !== before.density) useSettings.setState(keepHere(state));
  });
}

type Choice = Pick<Settings, 'theme' | 'density'>;

function resolve({ theme, density }: Choice): Pick<Settings, 'resolvedTheme' | 'resolvedDensity'> {
  const resolvedTheme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  const resolvedDensity = density === 'auto' ? (wide.matches ? 'cosy' : 'compact') : density;
  // The attributes change before anyone is told, so that whoever reads a token on the change reads the new one.
  document.documentElement.dataset.theme = resolvedTheme;
  document.documentElement.dataset.density = resolvedDensity;
  return { resolvedTheme, resolvedDensity };
}

function keepHere(choice: Choice) {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ theme: choice.theme, density: choice.density }));
  } catch {
    // A browser that keeps nothing still honours the choice until it closes.
  }
  return { theme: choice.theme, density: choice.density, ...resolve(choice) };
}

function recall(): Choice {
  const fallback: Choice = { theme: 'system', density: 'auto' };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return fallback;
    const theme = 'theme' in stored ? stored.theme : undefined;
    const density = 'density' in stored ? stored.density : undefined;
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : fallback.theme,
      density: density === 'compact' || density === 'cosy' ? density : fallback.density,
    };
  } catch {
    return fallback;
  }
}
