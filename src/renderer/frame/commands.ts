import {
  Activity,
  CircleHelp,
  FolderOpen,
  Grid3x2,
  LayoutDashboard,
  type LucideIcon,
  Moon,
  PanelRight,
  Rows3,
  ShieldCheck,
  SlidersHorizontal,
  Sparkles,
  TrendingDown,
} from 'lucide-react';
import type { CommandId } from '../../contract/desktop.ts';
import { LAYER_NAMES, LAYERS } from '../explore/map/layers.ts';
import { useExplore } from '../explore/state.ts';
import { useOverlays } from '../state/overlays.ts';
import { usePanes } from '../state/panes.ts';
import { navigate, type View } from '../state/route.ts';
import { useSession } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';

/** One thing the window can do. None of them writes to a bucket: that takes a reviewed plan and a typed name. */
export interface Command {
  readonly id: CommandId | `layer-${string}` | `theme-${string}`;
  readonly group: 'Go to' | 'Act' | 'Window';
  readonly title: string;
  /** Other words people look for it by. */
  readonly words?: string;
  /** As shown, such as "Ctrl 1"; a shortcut of the window where it names one key after Ctrl or Ctrl Shift. */
  readonly keys?: string;
  readonly Icon: LucideIcon;
  run(): void;
}

interface ViewEntry {
  readonly view: View;
  readonly label: string;
  readonly Icon: LucideIcon;
}

/** What the rail lists. */
export const VIEW_ENTRIES: readonly ViewEntry[] = [
  { view: 'overview', label: 'Overview', Icon: LayoutDashboard },
  { view: 'explore', label: 'Explore', Icon: Grid3x2 },
  { view: 'checkpoints', label: 'Checkpoints', Icon: SlidersHorizontal },
  { view: 'policies', label: 'Policies', Icon: TrendingDown },
  { view: 'compliance', label: 'Compliance', Icon: ShieldCheck },
  { view: 'activity', label: 'Activity', Icon: Activity },
];

const show = useOverlays.getState().show;

const goTo: readonly Command[] = VIEW_ENTRIES.map(({ view, label, Icon }, at) => ({
  id: `view-${view}`,
  group: 'Go to',
  title: label,
  keys: `Ctrl ${at + 1}`,
  Icon,
  run: () => navigate({ view }),
}));

const acts: readonly Command[] = [
  {
    id: 'open',
    group: 'Act',
    title: 'Open an inventory, a listing or an index',
    words: 'scan connect bucket report manifest',
    keys: 'Ctrl O',
    Icon: FolderOpen,
    run: () => show('open'),
  },
  { id: 'sample', group: 'Act', title: 'Try the sample bucket', Icon: Sparkles, run: () => void useSession.getState().openSample() },
];

const windowActs: readonly Command[] = [
  {
    id: 'density',
    group: 'Window',
    title: 'Switch between compact and cosy rows',
    words: 'density height',
    Icon: Rows3,
    run: () => useSettings.getState().setDensity(useSettings.getState().resolvedDensity === 'compact' ? 'cosy' : 'compact'),
  },
  ...(['light', 'dark', 'system'] as const).map(
    (theme): Command => ({
      id: `theme-${theme}`,
      group: 'Window',
      title: theme === 'system' ? 'Theme of the system' : `${theme === 'light' ? 'Light' : 'Dark'} theme`,
      words: 'colours appearance',
      Icon: Moon,
      run: () => useSettings.getState().setTheme(theme),
    }),
  ),
  {
    id: 'details',
    group: 'Window',
    title: 'Show or hide the details',
    words: 'panel side',
    Icon: PanelRight,
    run: () => usePanes.getState().toggleDetails(),
  },
  ...LAYERS.map(
    (layer): Command => ({
      id: `layer-${layer}`,
      group: 'Window',
      title: `Colour the map by ${LAYER_NAMES[layer].toLowerCase()}`,
      words: 'layer treemap',
      Icon: Grid3x2,
      run: () => {
        useExplore.getState().setLayer(layer);
        navigate({ view: 'explore' });
      },
    }),
  ),
  {
    id: 'help',
    group: 'Window',
    title: 'Keys and help',
    words: 'shortcuts keyboard',
    keys: '?',
    Icon: CircleHelp,
    run: () => show('help'),
  },
];

/** Everything the palette lists before anything is looked up in the bucket. */
export const COMMANDS: readonly Command[] = [...goTo, ...acts, ...windowActs];

export const runCommand = (id: string): void => COMMANDS.find((command) => command.id === id)?.run();
