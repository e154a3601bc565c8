/** `npm run test:deep` runs the full counts; `npm test` a share with the seeds given in the tests. */
const isDeep = process.env.ISOTHERM_DEEP === '1';

/** How many cases a property gets: ten times as many in a deep run unless `deep` says how many. */
export const propertyRuns = (share: number, deep: number = share * 10): number => (isDeep ? deep : share);
