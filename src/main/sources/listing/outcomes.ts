/** What came of calls that are on their way, in the order they ended. */
export class Outcomes<T> {
  private readonly ended: T[] = [];
  private wake: (() => void) | undefined;

  /** Adds what a call comes to. The call itself must not reject. */
  follow(call: Promise<T>): void {
    void call.then((outcome) => {
      this.ended.push(outcome);
      this.wake?.();
    });
  }

  /** All that ended since; waits for one, at most so long. */
  async take(mostMs: number): Promise<T[]> {
    if (this.ended.length === 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        if (Number.isFinite(mostMs)) timer = setTimeout(resolve, mostMs);
      });
      clearTimeout(timer);
      this.wake = undefined;
    }
    return this.ended.splice(0);
  }
}
