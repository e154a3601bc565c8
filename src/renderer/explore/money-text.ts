import type { Node } from '../../contract/index-views.ts';
import { formatMoney } from '../../core/report/format.ts';

/** A month's money of a node; a sum that lacks a part is never shown as if it were whole. */
export function moneyText(node: Pick<Node, 'monthlyNanoUsd' | 'bytesByClass'>): string {
  if (node.monthlyNanoUsd !== null) return formatMoney(node.monthlyNanoUsd);
  return node.bytesByClass.length > 1 ? 'part unpriced' : 'unpriced';
}
