/** One card's lane: edits go through it one after the other, so an older state can never overtake a newer one. */
export interface CardLane {
  /** Of the newest state that is known to be on the card; -1 where none is. */
  shownVersion: number;
  readonly ended: boolean;
  /** Does `work` when everything before it is done. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Shows progress as soon as the card may be edited again; however often it is called until then, once. */
  wake(): void;
  /** The card is not edited for progress for so long. */
  rest(ms: number): void;
  /** From now on no progress is shown; what is under way goes on. */
  end(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** @param show reads the state when it is called, and shows it; it may reject */
export function createCardLane(show: (lane: CardLane) => Promise<void>, onError: (error: unknown) => void): CardLane {
  let tail: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let nextEditMs = 0;
  let showing = false;
  /** Since the state was last read. */
  let changed = false;
  let ended = false;

  async function showOnce(): Promise<void> {
    showing = true;
    try {
      await lane.run(async () => {
        // What was posted meanwhile may have moved the time for the next edit: then this change waits for it.
        changed = Date.now() < nextEditMs;
        if (!changed && !ended) {
          await show(lane);
        }
      });
    } catch (error) {
      onError(error);
    }
    showing = false;
    if (changed) {
      lane.wake();
    }
  }

  const lane: CardLane = {
    shownVersion: -1,
    get ended() {
      return ended;
    },
    async run(work) {
      const result = tail.then(work);
      tail = result.then(
        () => undefined,
        () => undefined,
      );
      return await result;
    },
    wake() {
      changed = true;
      if (timer === null && !showing && !ended) {
        timer = setTimeout(
          () => {
            timer = null;
            void showOnce();
          },
          Math.max(0, nextEditMs - Date.now()),
        );
      }
    },
    rest(ms) {
      nextEditMs = Date.now() + ms;
    },
    end() {
      ended = true;
      clearTimeout(timer ?? undefined);
      timer = null;
    },
    async idle() {
      await tail;
    },
  };
  return lane;
}
