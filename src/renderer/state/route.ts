import { useSyncExternalStore } from 'react';

/** The views the rail lists, in its order. */
export const VIEWS = ['overview', 'explore', 'checkpoints', 'policies', 'compliance', 'activity'] as const;
export type View = (typeof VIEWS)[number];

/** Where the window is. A route only ever reads: following a link changes nothing outside the window. */
export interface Route {
  readonly view: View;
  /** Explore: the directory shown, "" for the whole bucket. */
  readonly prefix: string;
  /** Explore: what the keys are searched for, "" for no search. */
  readonly find: string;
  /** Policies: whether the review is open. */
  readonly review: boolean;
}

/** What belongs to which view; anything else in a link is passed over. */
export type Target = { readonly view: View } & Partial<Omit<Route, 'view'>>;

/** "#explore?prefix=runs/a%20b/" -> a route; anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/, '');
  const cut = text.indexOf('?');
  const name = cut < 0 ? text : text.slice(0, cut);
  const query = new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1));
  const view = VIEWS.find((known) => known === name) ?? 'overview';
  const of = (owner: View, key: string): string => (view === owner ? (query.get(key) ?? '') : '');
  return {
    view,
    prefix: of('explore', 'prefix'),
    find: of('explore', 'find'),
    review: view === 'policies' && query.has('review'),
  };
}

const spell = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/');

/** The inverse of parseRoute; slashes stay readable. */
export function formatRoute(route: Target): string {
  const parts: string[] = [];
  if (route.view === 'explore') {
    if (route.prefix) parts.push(`prefix=${spell(route.prefix)}`);
    if (route.find) parts.push(`find=${spell(route.find)}`);
  }
  if (route.view === 'policies' && route.review) parts.push('review');
  return `#${route.view}${parts.length === 0 ? '' : `?${parts.join('&')}`}`;
}

/** "a/b/" -> the steps from the root to it, each with the whole path up to there. */
export function breadcrumb(prefix: string): { name: string; path: string }[] {
  const steps: { name: string; path: string }[] = [];
  let from = 0;
  for (let at = prefix.indexOf('/'); at >= 0; at = prefix.indexOf('/', from)) {
    steps.push({ name: prefix.slice(from, at) || '(empty name)', path: prefix.slice(0, at + 1) });
    from = at + 1;
  }
  if (from < prefix.length) steps.push({ name: prefix.slice(from), path: prefix });
  return steps;
}

export function navigate(route: Target): void {
  window.location.hash = formatRoute(route);
}

const subscribe = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

let last: { hash: string; route: Route } | undefined;
export function currentRoute(): Route {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, currentRoute);
