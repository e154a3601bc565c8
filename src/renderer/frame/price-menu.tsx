import { Menu } from '../components/menu.tsx';
import { useQuery } from '../state/query.ts';
import { usePricedAt, useSession } from '../state/session.ts';

/** The region whose list prices stand behind every figure, and whether it is an assumption. */
export function PriceMenu() {
  const at = usePricedAt();
  const info = useSession((state) => state.info);
  const { data } = useQuery('index.summary', at === null ? null : { ...at, by: 'category' });
  if (data === undefined || info === undefined) return null;
  const { region, asOf, assumed } = data.prices;
  const { chooseRegion } = useSession.getState();
  return (
    <Menu
      label={`${region} ${assumed ? 'assumed' : 'list prices'}, of ${asOf}: choose another region`}
      className="rail-price"
      placement="beside"
      items={info.priceRegions.map((known) => ({
        id: known.region,
        label: `${known.region} · ${known.name}`,
        aside: /^\d{4}-\d{2}-\d{2}/.exec(known.asOf)?.[0] ?? 'undated',
        isChosen: known.region === region,
        run: () => chooseRegion(known.region),
      }))}
    >
      <span className="row">
        <i className={`dot ${assumed ? 'square' : ''}`} aria-hidden="true" />
        <span>{region}</span>
      </span>{' '}
      <span className={assumed ? 'warn' : 't3'}>{assumed ? 'assumed' : 'list prices'}</span>
    </Menu>
  );
}
