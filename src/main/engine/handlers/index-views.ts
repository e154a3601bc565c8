import type { Group, MapNode, Node, Pivot } from '../../../contract/index-views.ts';
import { ok } from '../../../contract/result.ts';
import { type GroupBy, type Grouped, type Grouping, groupCells, groupingOf } from '../../../core/cube/group.ts';
import { largestDirectories } from '../../../core/cube/map-selection.ts';
import { directoryNode } from '../../../core/cube/node.ts';
import { openIndex } from '../../index/reader.ts';
import { childrenPage } from '../../index/views/children.ts';
import { remembered } from '../../index/views/remembered.ts';
import { directoryOf, openView, type Scope, scopeOf, type View } from '../../index/views/view.ts';
import type { Handlers } from '../handler.ts';

type IndexMethod = 'index.snapshots' | 'index.summary' | 'index.pivot' | 'tree.children' | 'tree.map';

/** Everything the windows and the command line read from an index. All of it follows from the file alone. */
export const indexHandlers: Pick<Handlers, IndexMethod> = {
  'index.snapshots': async ({ index }) => {
    const reader = openIndex(index);
    return reader.ok ? ok([...reader.value.snapshots()]) : reader;
  },

  'index.summary': async (params, { environment }) => {
    const view = await openView(params, environment);
    if (!view.ok) return view;
    const scope = scopeOf(view.value, params.prefix);
    if (!scope.ok) return scope;
    const { asOf, price, prices, warnings } = view.value;
    const uploads = view.value.reader.uploadTotals(view.value.snapshotId, params.prefix);
    if (!uploads.ok) return uploads;
    const { grouping, grouped } = remembered(view.value.cube, JSON.stringify(['summary', params.by, params.prefix]), () => {
      const own = groupingOf(scope.value.cube, params.by, scope.value.directory);
      return { grouping: own, grouped: groupCells(scope.value.cube, scope.value.ranges, own.of) };
    });
    return ok({
      asOf,
      totals: {
        versions: grouped.total.versions,
        deleteMarkers: grouped.deleteMarkers,
        bytes: grouped.total.totalBytes,
        monthlyNanoUsd: String(price.charge(grouped.total)),
      },
      groups: groupsOf(view.value, grouping, grouped),
      incompleteUploads: uploads.value,
      prices,
      warnings: [...warnings, ...price.warnings(grouped.total)],
    });
  },

  'index.pivot': async (params, { environment }) => {
    const view = await openView(params, environment);
    if (!view.ok) return view;
    const scope = scopeOf(view.value, params.prefix);
    if (!scope.ok) return scope;
    const { asOf, prices } = view.value;
    return ok({ asOf, prices, cells: pivotCells(view.value, scope.value, params.row, params.column) });
  },

  'tree.children': async (params, { environment }) => {
    const view = await openView(params, environment);
    if (!view.ok) return view;
    const directory = directoryOf(view.value, params.prefix);
    if (!directory.ok) return directory;
    return childrenPage(view.value, directory.value, params);
  },

  'tree.map': async (params, { environment }) => {
    const view = await openView(params, environment);
    if (!view.ok) return view;
    const directory = directoryOf(view.value, params.prefix);
    if (!directory.ok) return directory;
    return ok(mapOf(view.value, directory.value, params.depth, params.limit));
  },
};

function groupsOf({ price }: View, grouping: Grouping, grouped: Grouped): Group[] {
  return orderedGroups(grouping, grouped).map((group) => {
    const sums = grouped.groups.get(group);
    return {
      key: grouping.label(group),
      versions: sums?.versions ?? 0,
      bytes: sums?.totalBytes ?? 0,
      monthlyNanoUsd: sums ? price.chargeOrNull(sums) : '0',
    };
  });
}

/** In the order of the vocabulary, or by bytes and then in key order. */
function orderedGroups(grouping: Grouping, { groups }: Grouped): number[] {
  if (grouping.order) return grouping.order.filter((group) => grouping.keepsEmpty || groups.has(group));
  const bytes = (group: number): number => groups.get(group)?.totalBytes ?? 0;
  return [...groups.keys()].sort((a, b) => bytes(b) - bytes(a) || a - b);
}

function pivotCells(view: View, scope: Scope, by: GroupBy, across: GroupBy): Pivot['cells'] {
  const { cube, ranges, directory } = scope;
  const rows = groupingOf(cube, by, directory);
  const columns = groupingOf(cube, across, directory);
  const columnOrder = orderedGroups(columns, groupCells(cube, ranges, columns.of));
  const rowOrder = orderedGroups(rows, groupCells(cube, ranges, rows.of));
  const columnCount = columnOrder.reduce((most, column) => Math.max(most, column), 0) + 1;
  const pairs = groupCells(cube, ranges, (cell) => rows.of(cell) * columnCount + columns.of(cell)).groups;
  const cells: Pivot['cells'] = [];
  for (const row of rowOrder) {
    for (const column of columnOrder) {
      const sums = pairs.get(row * columnCount + column);
      if (!sums) continue;
      cells.push({
        row: rows.label(row),
        column: columns.label(column),
        versions: sums.versions,
        bytes: sums.totalBytes,
        monthlyNanoUsd: view.price.chargeOrNull(sums),
      });
    }
  }
  return cells;
}

function mapOf(view: View, under: number, depth: number, limit: number): MapNode {
  const { cube, price } = view;
  const chosen = largestDirectories(cube, under, depth, limit);
  type Open = Node & { children: Open[]; rest: { count: number; bytes: number } };
  const nodes = new Map<number, Open>();
  for (const directory of chosen) {
    const node = directoryNode(cube, price, directory);
    nodes.set(directory, { ...node, children: [], rest: { count: node.childCount, bytes: node.bytes } });
  }
  for (const [directory, node] of nodes) {
    const parent = directory === under ? undefined : nodes.get(cube.tree.parent[directory] as number);
    if (!parent) continue;
    parent.children.push(node);
    parent.rest.count -= 1;
    parent.rest.bytes -= node.bytes;
  }
  // Largest first; the sort is stable, so what is equally large stays in key order.
  for (const node of nodes.values()) node.children.sort((a, b) => b.bytes - a.bytes);
  return nodes.get(under) as Open;
}
