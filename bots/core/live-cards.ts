/** The cards that may still change, by job and place; each does one thing at a time, so an older state never overtakes a newer one. */
import type { Card } from '../../workflows/contract/card.ts';
import type { JobSurface } from '../../workflows/contract/job-view.ts';
import type { SlotPlace } from './send-slot.ts';

export interface LiveCard {
  readonly key: string;
  readonly jobId: string;
  readonly surface: JobSurface;
  readonly place: SlotPlace;
  /** Of the newest state that is known to be on the card; -1 where none is. */
  shownVersion: number;
  /** What was put there last; null where another process did, or nobody. */
  readonly shown: Card | null;
  show(card: Card): void;
  /** Does `work` when everything before it is done. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Does `work` now, or is woken again once whatever is under way has ended. */
  ifFree(work: () => Promise<void>): Promise<void>;
}

export interface LiveCards {
  readonly count: number;
  /** Throws where the job has no such place on this platform. */
  of(jobId: string, surfaceId: string): Promise<LiveCard>;
  /** Wakes every card of the job. */
  changed(jobId: string): Promise<void>;
  forget(card: LiveCard): void;
  /** Resolves when nothing is under way, and drops all. */
  idle(): Promise<void>;
}

export interface LiveCardDeps {
  /** Places of the job on this platform. */
  readonly surfacesOf: (jobId: string) => Promise<readonly JobSurface[]>;
  readonly wake: (card: LiveCard) => void;
  readonly drop: (card: LiveCard) => void;
}

/** Jobs of other platforms that are remembered as such. */
const MOST_OTHERS = 10_000;

export function createLiveCards({ surfacesOf, wake, drop }: LiveCardDeps): LiveCards {
  const cards = new Map<string, LiveCard>();
  const byJob = new Map<string, Set<LiveCard>>();
  /** Looked up since this process started: nothing here, or nothing any more. */
  const lookedUp = new Set<string>();
  const tails = new Set<Promise<unknown>>();

  function add(jobId: string, surface: JobSurface): LiveCard {
    const key = `${jobId}/${surface.surfaceId}`;
    const known = cards.get(key);
    if (known !== undefined) {
      return known;
    }
    const card = createLiveCard(key, jobId, surface, wake, tails);
    cards.set(key, card);
    byJob.set(jobId, (byJob.get(jobId) ?? new Set()).add(card));
    return card;
  }

  return {
    get count() {
      return cards.size;
    },
    async of(jobId, surfaceId) {
      const known = cards.get(`${jobId}/${surfaceId}`);
      if (known !== undefined) {
        return known;
      }
      const surface = (await surfacesOf(jobId)).find((each) => each.surfaceId === surfaceId);
      if (surface === undefined) {
        throw new Error(`job ${jobId} has no place ${surfaceId} here`);
      }
      return add(jobId, surface);
    },
    async changed(jobId) {
      if (!byJob.has(jobId) && !lookedUp.has(jobId)) {
        for (const old of lookedUp) {
          if (lookedUp.size < MOST_OTHERS) break;
          lookedUp.delete(old);
        }
        lookedUp.add(jobId);
        for (const surface of await surfacesOf(jobId)) add(jobId, surface);
      }
      for (const card of byJob.get(jobId) ?? []) wake(card);
    },
    forget(card) {
      drop(card);
      cards.delete(card.key);
      const others = byJob.get(card.jobId);
      others?.delete(card);
      if (others?.size === 0) byJob.delete(card.jobId);
      lookedUp.add(card.jobId);
    },
    async idle() {
      for (const card of cards.values()) drop(card);
      await Promise.all(tails);
    },
  };
}

function createLiveCard(
  key: string,
  jobId: string,
  surface: JobSurface,
  wake: LiveCardDeps['wake'],
  tails: Set<Promise<unknown>>,
): LiveCard {
  let tail: Promise<unknown> = Promise.resolve();
  let underWay = 0;
  let missed = false;
  let shown: Card | null = null;
  const card: LiveCard = {
    key,
    jobId,
    surface,
    place: { jobId, surfaceId: surface.surfaceId, address: surface.address },
    shownVersion: -1,
    get shown() {
      return shown;
    },
    show(next) {
      shown = next;
      card.shownVersion = next.version;
    },
    async run(work) {
      underWay += 1;
      const result = tail.then(work);
      const settled = result
        .catch(() => undefined)
        .finally(() => {
          underWay -= 1;
          tails.delete(settled);
          if (underWay === 0 && missed) {
            missed = false;
            wake(card);
          }
        });
      tail = settled;
      tails.add(settled);
      return await result;
    },
    async ifFree(work) {
      if (underWay > 0) {
        missed = true;
      } else {
        await card.run(work);
      }
    },
  };
  return card;
}
