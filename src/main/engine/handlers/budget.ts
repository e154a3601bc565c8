import type { BUDGET_METHODS } from '../../../contract/methods/budget.ts';
import { checkBudgets } from '../../budgets/check.ts';
import type { Handlers } from '../handler.ts';

export const budgetHandlers: Pick<Handlers, keyof typeof BUDGET_METHODS> = {
  'budget.check': (params, context) => checkBudgets(params, context),
};
