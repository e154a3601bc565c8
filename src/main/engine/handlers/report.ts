import type { REPORT_METHODS } from '../../../contract/methods/report.ts';
import { managerReport } from '../../report/manager-report.ts';
import type { Handlers } from '../handler.ts';

export const reportHandlers: Pick<Handlers, keyof typeof REPORT_METHODS> = {
  'report.manager': (params, context) => managerReport(params, context),
};
