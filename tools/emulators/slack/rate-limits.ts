/** Slack's limits per method, workspace and app, over the last minute; messages per channel, about one a second. */
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Tier } from './methods/method.ts';

export interface RateLimits {
  /** @returns whole seconds to wait, or null where the call may pass; then it counts */
  take(call: LimitedCall): number | null;
  mode: 'off' | 'internal' | 'distributed';
  /** For so long every such call is one too many, whatever the mode; null: in every channel. Slack's milliseconds. */
  shut(calls: Pick<LimitedCall, 'method' | 'workspaceId'> & { readonly channelId: string | null }, ms: number): void;
}

export interface LimitedCall {
  readonly method: string;
  readonly workspaceId: string;
  readonly tier: Tier;
  readonly channelId: string;
}

const MINUTE_MS = 60_000;
/** Of posts in one channel: short bursts pass. */
const BURST = 3;
/** Since May 2025, for what is distributed outside the Marketplace. */
const LOW: Readonly<Record<string, number>> = { 'conversations.history': 1, 'conversations.replies': 1 };

export function createRateLimits(clock: EmulatedClock, mode: RateLimits['mode']): RateLimits {
  const taken = new Map<string, number[]>();
  const shutUntilMs = new Map<string, number>();

  function within(key: string, most: number, windowMs: number): number | null {
    const now = clock.nowMs();
    const times = (taken.get(key) ?? []).filter((atMs) => atMs > now - windowMs);
    taken.set(key, times);
    if (times.length >= most) return Math.max(1, Math.ceil(((times[0] ?? now) + windowMs - now) / 1000));
    times.push(now);
    return null;
  }

  function shutFor(key: string): number {
    return (shutUntilMs.get(key) ?? 0) - clock.nowMs();
  }

  return {
    mode,
    shut({ method, workspaceId, channelId }, ms) {
      shutUntilMs.set(JSON.stringify([workspaceId, method, channelId]), clock.nowMs() + ms);
    },
    take({ method, workspaceId, tier, channelId }) {
      const shutMs = Math.max(
        ...[null, channelId].map((channel) => shutFor(JSON.stringify([workspaceId, method, channel]))),
      );
      if (shutMs > 0) return Math.ceil(shutMs / 1000);
      if (this.mode === 'off') return null;
      const key = `${workspaceId} ${method}`;
      if (tier === 'posts') return within(`${key} ${channelId}`, BURST, BURST * 1000);
      const low = this.mode === 'distributed' ? LOW[method] : undefined;
      return within(key, low ?? tier, MINUTE_MS);
    },
  };
}
