import { Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import { PRESENT, readStripeFooter, type Stripe, type StripeFooter } from '../../../core/inventory/orc/metadata.ts';
import type { VerifiedFile } from '../verified-file.ts';
import { OrcStream, readWhole, type Unpacker } from './orc-stream.ts';

/** Footers of stripes list some streams a column. */
const MOST_FOOTER_BYTES = 16 << 20;

/** The stripes of a file, one at a time for all its columns. */
export class Stripes {
  private readonly file: VerifiedFile;
  private readonly unpacker: Unpacker;
  private readonly stripes: readonly Stripe[];
  private at = -1;
  private opened: StripeFooter | undefined;

  constructor(file: VerifiedFile, unpacker: Unpacker, stripes: readonly Stripe[]) {
    this.file = file;
    this.unpacker = unpacker;
    this.stripes = stripes;
  }

  /** Goes on to a stripe, unless another column did; its rows. */
  open(index: number): number {
    const stripe = this.stripes[index];
    if (stripe === undefined) throw new Damaged('a column has fewer values than it says');
    if (stripe.rows > 0 && this.at !== index) {
      const place = { offset: stripe.footerAt, bytes: stripe.footerBytes };
      const bytes = readWhole(new OrcStream(this.file, this.unpacker, place), MOST_FOOTER_BYTES);
      this.opened = readStripeFooter(bytes, stripe);
      this.at = index;
      if (this.has(0, PRESENT)) throw new Unsupported('rows that are not there');
    }
    return stripe.rows;
  }

  get footer(): StripeFooter {
    if (this.opened === undefined) throw new Error('no stripe is open');
    return this.opened;
  }

  has(column: number, kind: number): boolean {
    return this.footer.streams.has(column * 64 + kind);
  }

  stream(column: number, kind: number): OrcStream {
    return new OrcStream(this.file, this.unpacker, this.footer.streams.get(column * 64 + kind) ?? { offset: 0, bytes: 0 });
  }
}
