/**
 * One chat's lane: progress of its cards is shown one edit after the other, with the rest between them that the platform wants; results
 * do not wait for that rest. When the platform asked for quiet, nothing at all is sent. Chats do not know of each other.
 */
export interface ChatLane {
  /** Shows progress of a card as soon as this chat may be edited again; however often it is called until then, once. */
  wake(card: string, show: () => Promise<void>): void;
  /** No progress of this card any more; what is under way goes on. */
  drop(card: string): void;
  /** No progress for so long. */
  rest(ms: number): void;
  readonly restMs: number;
  /** The platform asked for it: nothing is sent for so long. */
  quieten(ms: number): void;
  readonly quietMs: number;
  /** Ends all timers; nothing is shown any more. */
  stop(): void;
}

export function createChatLane(onError: (error: unknown, card: string) => void): ChatLane {
  /** In the order in which they were woken. */
  const woken = new Map<string, () => Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let showing = false;
  let stopped = false;
  let restUntilMs = 0;
  let quietUntilMs = 0;

  function schedule(): void {
    if (timer === null && !showing && !stopped && woken.size > 0) {
      timer = setTimeout(() => {
        timer = null;
        void showNext();
      }, lane.restMs);
    }
  }

  async function showNext(): Promise<void> {
    const [next] = woken;
    // What was sent meanwhile may have moved the time for the next edit.
    if (next !== undefined && lane.restMs === 0) {
      const [card, show] = next;
      woken.delete(card);
      showing = true;
      try {
        await show();
      } catch (error) {
        onError(error, card);
      }
      showing = false;
    }
    schedule();
  }

  const lane: ChatLane = {
    wake(card, show) {
      if (!stopped) {
        woken.set(card, show);
        schedule();
      }
    },
    drop(card) {
      woken.delete(card);
      if (woken.size === 0) {
        clearTimeout(timer ?? undefined);
        timer = null;
      }
    },
    rest(ms) {
      restUntilMs = Math.max(restUntilMs, Date.now() + ms);
    },
    get restMs() {
      return Math.max(0, Math.max(restUntilMs, quietUntilMs) - Date.now());
    },
    quieten(ms) {
      quietUntilMs = Math.max(quietUntilMs, Date.now() + ms);
    },
    get quietMs() {
      return Math.max(0, quietUntilMs - Date.now());
    },
    stop() {
      stopped = true;
      woken.clear();
      clearTimeout(timer ?? undefined);
      timer = null;
    },
  };
  return lane;
}
