import type { Watch } from '../db/listen.ts';

export interface Looking {
  /** Calls back when there may be something to do. */
  readonly watch: (onCall: () => void) => Promise<Watch>;
  /** One look at the rows; resolves with whether there may be more at once. */
  readonly look: () => Promise<boolean>;
  /** Looks so often without being called too: a notification may be lost with its connection. */
  readonly everyMs: number;
  /** A look that failed; the next one comes by itself. */
  readonly onError: (error: unknown) => void;
}

/** Looks at once, whenever it is called, and every so often until it is stopped; never twice at the same time. */
export async function lookAgain({ watch, look, everyMs, onError }: Looking): Promise<{ stop(): Promise<void> }> {
  let stopped = false;
  let again = false;
  let running: Promise<void> | null = null;

  async function lookUntilDone(): Promise<void> {
    do {
      again = false;
      const hasMore = await look();
      again ||= hasMore;
    } while (again && !stopped);
  }

  function call(): void {
    again = true;
    if (running === null && !stopped) {
      running = lookUntilDone()
        .catch(onError)
        .finally(() => {
          running = null;
        });
    }
  }

  const watching = await watch(call);
  const timer = setInterval(call, everyMs);
  call();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await watching.stop();
      await running;
    },
  };
}
