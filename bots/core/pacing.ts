/** Waiting as the platforms ask for it. */

const USUAL_WAIT_MS = 1000;
/** A platform that asks for more than this means something else. */
const LONGEST_WAIT_MS = 6 * 3_600_000;
/** Waits up to this are sat out; longer ones give the place in the queue back and come again. */
export const SHORT_WAIT_MS = 5000;

/** How long to wait when a platform asked for `asked` milliseconds: nonsense is a second, and nobody waits a day. */
export function waitMs(asked: unknown): number {
  const isUsable = typeof asked === 'number' && Number.isFinite(asked) && asked > 0;
  return isUsable ? Math.min(asked, LONGEST_WAIT_MS) : USUAL_WAIT_MS;
}

export async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
}
