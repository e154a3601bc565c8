import type { IRegularForbiddenRuleType } from 'dependency-cruiser';

/**
 * Dependencies point one way: contract <- core <- main <- shells; the renderer sees contract, core and itself.
 * scripts/layers.ts runs these rules over what the sources import, types included.
 */
type Rule = IRegularForbiddenRuleType;
const only = (name: string, comment: string, from: IRegularForbiddenRuleType['from'], to: IRegularForbiddenRuleType['to']): Rule => ({
  name,
  comment,
  severity: 'error',
  from,
  to,
});
/** scripts/layers.ts stands every package in for a file of this folder. */
const packageNamed = (name: string): string => `^packages/${name}[./]`;

export const LAYER_RULES: readonly IRegularForbiddenRuleType[] = [
  only('no-cycles', 'Modules that need each other are one module.', {}, { circular: true }),
  only('no-unresolved', 'Every import must exist.', {}, { couldNotResolve: true }),
  only(
    'contract-is-the-bottom',
    'The contract holds types and schemas alone.',
    { path: '^src/contract' },
    { path: '.', pathNot: ['^src/contract', packageNamed('valibot')] },
  ),
  only(
    'core-is-pure',
    'The core knows the contract and nothing with effects.',
    { path: '^src/core' },
    { path: '.', pathNot: ['^src/(contract|core)', packageNamed('valibot'), packageNamed('yaml')] },
  ),
  only(
    'main-below-shells',
    'The engine does not know who calls it.',
    { path: '^src/main', pathNot: '^src/main/(electron|web|cli)' },
    { path: '^src/main/(electron|web|cli)' },
  ),
  only('main-not-renderer', 'Windows are reached through the contract.', { path: '^src/main' }, { path: '^src/(renderer|preload)' }),
  only('renderer-alone', 'The renderer sees contract, core and its own files.', { path: '^src/renderer' }, { path: '^src/(main|preload)' }),
  only('renderer-without-node', 'A browser has no Node.', { path: '^src/renderer' }, { dependencyTypes: ['core'] }),
  only(
    'preload-only-contract',
    'The bridge carries frames and knows no engine.',
    { path: '^src/preload' },
    { path: '^src/(core|main|renderer)' },
  ),
  only(
    'electron-in-its-shell',
    'Everything else runs without Electron.',
    { path: '^src', pathNot: '^src/(main/electron|preload)' },
    { path: packageNamed('electron') },
  ),
  only(
    'sqlite-in-index',
    'One folder opens databases.',
    { path: '^src', pathNot: '^src/main/index' },
    { path: packageNamed('better-sqlite3') },
  ),
  only(
    'writers-permit',
    'Two modules may change something at a service: lifecycle.ts a configuration, control.ts batch jobs.',
    { path: '^src', pathNot: '^src/main/s3/(lifecycle|control|guard)[.]' },
    { path: '^src/main/s3/permit[.]' },
  ),
  only(
    'aws-in-s3',
    'One folder speaks to S3.',
    { path: '^src', pathNot: '^src/main/(s3|sources|remote-sql)' },
    { path: packageNamed('@aws-sdk') },
  ),
];
