import { ChevronDown } from 'lucide-react';
import { Menu, type MenuItem } from '../components/menu.tsx';
import { useOverlays } from '../state/overlays.ts';
import { useRecents } from '../state/recents.ts';
import { useSession } from '../state/session.ts';

const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** The bucket shown; behind it the workspaces opened before and the ways to open another. */
export function WorkspaceMenu({ bucket }: { bucket: string }) {
  const recents = useRecents((state) => state.list);
  const index = useSession((state) => state.index);
  const { openIndex, openSample } = useSession.getState();
  const items: MenuItem[] = [
    ...recents
      .filter(({ isSample }) => !isSample)
      .map((recent) => ({
        id: recent.index,
        label: recent.bucket || fileName(recent.index),
        aside: fileName(recent.index),
        isChosen: recent.index === index,
        run: () => void openIndex(recent.index, recent.snapshotId ?? undefined),
      })),
    {
      id: 'sample',
      label: 'Sample bucket',
      isChosen: recents.some((recent) => recent.isSample && recent.index === index),
      run: openSample,
    },
    {
      id: 'open',
      label: 'Open an inventory, a listing or an index',
      aside: <kbd className="kbd">Ctrl O</kbd>,
      startsGroup: true,
      run: () => useOverlays.getState().show('open'),
    },
  ];
  return (
    <Menu label={`${bucket}: switch workspaces or open another`} className="workspace" items={items}>
      <bdi className="ellipsis">{bucket}</bdi>
      <ChevronDown size={14} strokeWidth={1.5} aria-hidden="true" />
    </Menu>
  );
}
