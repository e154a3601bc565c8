import type { MethodName } from '../../../contract/methods.ts';
import type { Handler } from '../handler.ts';

export type HandlerLoaders = { readonly [M in MethodName]: () => Promise<Handler<M>> };

const sources = () => import('./sources.ts');
const views = () => import('./index-views.ts');
const policy = () => import('./policy.ts');

/** Where each method is handled. Loaded on first use: a summary need not wait for the S3 client. */
export const HANDLERS: HandlerLoaders = {
  'app.info': async () => (await import('./app.ts')).appHandlers['app.info'],
  'sample.open': async () => (await sources()).sourceHandlers['sample.open'],
  'sample.write': async () => (await sources()).sourceHandlers['sample.write'],
  'index.scan': async () => (await sources()).sourceHandlers['index.scan'],
  'index.snapshots': async () => (await views()).indexHandlers['index.snapshots'],
  'index.summary': async () => (await views()).indexHandlers['index.summary'],
  'index.pivot': async () => (await views()).indexHandlers['index.pivot'],
  'tree.children': async () => (await views()).indexHandlers['tree.children'],
  'tree.map': async () => (await views()).indexHandlers['tree.map'],
  'policy.recommend': async () => (await policy()).policyHandlers['policy.recommend'],
  'policy.simulate': async () => (await policy()).policyHandlers['policy.simulate'],
  'bucket.lifecycle': async () => (await policy()).policyHandlers['bucket.lifecycle'],
  'policy.plan': async () => (await policy()).policyHandlers['policy.plan'],
  'policy.apply': async () => (await policy()).policyHandlers['policy.apply'],
  'policy.rollback': async () => (await policy()).policyHandlers['policy.rollback'],
  'journal.list': async () => (await policy()).policyHandlers['journal.list'],
};
