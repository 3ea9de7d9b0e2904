/** Discord's limits: a bucket per route and place, 50 requests a second in all. They tell of themselves in headers. */
import { createHash } from 'node:crypto';
import type { EmulatedClock } from '../core/emulated-clock.ts';

export interface LimitedRequest {
  /** Of its route: `POST /channels/{channel_id}/messages`. */
  readonly name: string;
  /** The channel, server or webhook, which has a bucket of its own. */
  readonly place: string;
  /** Those of interactions do not count against all. */
  readonly isGlobal: boolean;
}

export interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the request may pass. */
  readonly waitSeconds: number | null;
  readonly scope: 'user' | 'global';
}

export interface RateLimits {
  mode: 'off' | 'on';
  /** For so long every request at this place is one too many, whatever the mode; Discord's milliseconds. */
  shut(place: string, ms: number): void;
  /** Counts it, too. */
  take(request: LimitedRequest): Taken;
}

interface Rule {
  readonly requests: number;
  readonly windowMs: number;
}

/** Discord names no figures and says not to rely on any: these are in the range of what clients see. */
const RULES: Readonly<Record<string, Rule>> = {
  'POST /channels/{channel_id}/messages': { requests: 5, windowMs: 5000 },
  'PATCH /channels/{channel_id}/messages/{message_id}': { requests: 5, windowMs: 5000 },
  'DELETE /channels/{channel_id}/messages/{message_id}': { requests: 5, windowMs: 1000 },
};
const USUAL: Rule = { requests: 10, windowMs: 5000 };
const GLOBAL_PER_SECOND = 50;

/** @param perSecond requests of the bot in all, those of interactions left out */
export function createRateLimits(
  clock: EmulatedClock,
  mode: RateLimits['mode'],
  perSecond = GLOBAL_PER_SECOND,
): RateLimits {
  const global: Rule = { requests: perSecond, windowMs: 1000 };
  const windows = new Map<string, { endMs: number; used: number }>();
  const shutUntilMs = new Map<string, number>();

  function windowOf(key: string, { windowMs }: Rule): { endMs: number; used: number } {
    const known = windows.get(key);
    if (known !== undefined && known.endMs > clock.nowMs()) return known;
    const fresh = { endMs: clock.nowMs() + windowMs, used: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  return {
    mode,
    shut: (place, ms) => void shutUntilMs.set(place, clock.nowMs() + ms),
    take({ name, place, isGlobal }) {
      const shutMs = shutUntilMs.get(place) ?? 0;
      if (shutMs > clock.nowMs()) return { headers: {}, waitSeconds: secondsTo(shutMs, clock), scope: 'user' };
      if (this.mode === 'off') return { headers: {}, waitSeconds: null, scope: 'user' };
      const all = windowOf('global', global);
      if (isGlobal && all.used >= global.requests) {
        const waitSeconds = secondsTo(all.endMs, clock);
        return { headers: { 'x-ratelimit-global': 'true' }, waitSeconds, scope: 'global' };
      }
      const rule = RULES[name] ?? USUAL;
      const bucket = windowOf(`${name} ${place}`, rule);
      const isOver = bucket.used >= rule.requests;
      if (!isOver) bucket.used += 1;
      if (isGlobal && !isOver) all.used += 1;
      const waitSeconds = secondsTo(bucket.endMs, clock);
      const headers = {
        'x-ratelimit-limit': String(rule.requests),
        'x-ratelimit-remaining': String(rule.requests - bucket.used),
        'x-ratelimit-reset': (bucket.endMs / 1000).toFixed(3),
        'x-ratelimit-reset-after': waitSeconds.toFixed(3),
        'x-ratelimit-bucket': createHash('md5').update(name).digest('hex'),
      };
      return { headers, waitSeconds: isOver ? waitSeconds : null, scope: 'user' };
    },
  };
}

function secondsTo(endMs: number, clock: EmulatedClock): number {
  return Math.max(0.001, Math.ceil(endMs - clock.nowMs()) / 1000);
}
