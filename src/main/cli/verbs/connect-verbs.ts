import { ok } from '../../../contract/result.ts';
import { REMOTE_FLAGS, remoteOf } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { paragraphs, table } from '../words/table.ts';

const STATES = { granted: 'yes', denied: 'DENIED', notHere: 'not known to this service' } as const;

const profiles: Verb = {
  name: 'profiles',
  summary: 'List the AWS profiles of this machine, how each comes by credentials, and what stands in its way.',
  usage: '',
  methods: ['connect.profiles'],
  positionals: 0,
  flags: {},
  run: async (_args, { call }) => {
    const result = await call('connect.profiles', {});
    if (!result.ok) return result;
    const { profiles: found, files, environment } = result.value;
    const words = (): string =>
      paragraphs(
        found.length === 0
          ? `No profiles: ${files.map(({ path, isThere }) => `${path} ${isThere ? 'has none' : 'is not there'}`).join(', ')}.`
          : table(
              [
                { title: 'Profile', of: ({ name }) => name },
                { title: 'State', of: ({ state }) => (state === 'ready' ? 'ready' : state.toUpperCase()) },
                { title: 'Region', of: ({ region }) => region ?? '' },
                { title: '', of: ({ words: own, command }) => `${own}${command === null ? '' : `; run: ${command}`}` },
              ],
              found,
            ),
        environment ? 'Credentials in the environment go before any profile that is not named.' : '',
      );
    return ok({ json: result.value, words });
  },
};

const reach: Verb = {
  name: 'reach',
  summary: 'Try which rights there are on a bucket, by its name alone, with requests that only read.',
  usage: '--bucket BUCKET [--profile NAME] [--endpoint URL]',
  methods: ['connect.reach'],
  positionals: 0,
  flags: { bucket: { type: 'text', value: 'BUCKET', words: 'The bucket.', required: true }, ...REMOTE_FLAGS },
  run: async (args, { call, note }) => {
    const result = await call('connect.reach', { bucket: args.must('bucket'), remote: remoteOf(args) });
    if (!result.ok) return result;
    const { bucket, region, rights } = result.value;
    if (rights.some(({ state }) => state === 'denied')) note(`The document that grants them: isotherm rights read --bucket ${bucket}`);
    const words = (): string =>
      paragraphs(
        `${bucket} in ${region}`,
        table(
          [
            { title: 'Right', of: ({ action }) => action },
            { title: 'Granted', of: ({ state }) => STATES[state] },
            { title: 'For', of: ({ what }) => what },
          ],
          rights,
        ),
      );
    return ok({ json: result.value, words });
  },
};

export const connectVerbs: readonly Verb[] = [profiles, reach];
