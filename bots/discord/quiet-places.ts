import { waitMs } from '../core/pacing.ts';

/** Where Discord asked for quiet: all our clients of the API keep it, whoever of them was asked, and whatever they have waiting. */
export interface QuietPlaces {
  /** Milliseconds until something may be asked again about what `path` is about. */
  restMs(path: string): number;
  /** Discord answered 429. */
  note(path: string, headers: Pick<Headers, 'get'>): void;
}

/** All of the API but answers to interactions. */
const EVERYWHERE = '';

export function createQuietPlaces(): QuietPlaces {
  const untilMs = new Map<string, number>();
  return {
    restMs(path) {
      const times = [untilMs.get(placeOf(path)), isAnswer(path) ? undefined : untilMs.get(EVERYWHERE)];
      return Math.max(0, ...times.map((time) => (time ?? 0) - Date.now()));
    },
    note(path, headers) {
      const now = Date.now();
      for (const [place, time] of untilMs) if (time <= now) untilMs.delete(place);
      // The servers in front of the API name no scope, and mean everything.
      const scope = headers.get('x-ratelimit-scope') ?? 'global';
      const askedMs = Number(headers.get('retry-after')) * 1000;
      untilMs.set(scope === 'global' ? EVERYWHERE : placeOf(path), now + waitMs(askedMs));
    },
  };
}

/** A channel or a server with all that is in it; else the route. */
function placeOf(path: string): string {
  return /^\/(?:channels|guilds)\/\d+/u.exec(path)?.[0] ?? path;
}

function isAnswer(path: string): boolean {
  return /^\/(?:interactions|webhooks)\//u.test(path);
}
