import { daysAgo, type PlainRow, row } from './index-rows.ts';

export const GIB = 1_073_741_824;

/** A whole checkpoint as the Hugging Face Trainer writes it; the model alone has weight. */
export function trainerCheckpoint(run: string, step: number, days: number, facts: Partial<PlainRow> = {}): PlainRow[] {
  const given = { lastModifiedMs: daysAgo(days), ...facts };
  const at = `${run}checkpoint-${step}/`;
  return [
    row(`${at}model.safetensors`, { sizeBytes: GIB, ...given }),
    ...['config.json', 'optimizer.pt', 'rng_state.pth', 'scheduler.pt', 'trainer_state.json', 'training_args.bin'].map((name) =>
      row(at + name, { sizeBytes: 1000, ...given }),
    ),
  ];
}
