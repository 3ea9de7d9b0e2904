/** One workspace's waits, as Slack asks for them: of a method in the whole workspace, of posts in one channel. */
export interface MethodLimits {
  /** How long no such call may be made; 0 where it may. */
  restMs(call: LimitedCall): number;
  /** Slack said so of this call. */
  shut(call: LimitedCall, ms: number): void;
}

export interface LimitedCall {
  /** Such as `chat.update`. */
  readonly method: string;
  readonly channelId: string | null;
}

/** About one a second in each channel, whatever happens in others. */
const LIMITED_BY_CHANNEL: ReadonlySet<string> = new Set(['chat.postMessage']);

export function createMethodLimits(): MethodLimits {
  const untilMs = new Map<string, number>();
  return {
    restMs: (call) => Math.max(0, (untilMs.get(keyOf(call)) ?? 0) - Date.now()),
    shut(call, ms) {
      const now = Date.now();
      for (const [key, until] of untilMs) if (until <= now) untilMs.delete(key);
      const key = keyOf(call);
      untilMs.set(key, Math.max(untilMs.get(key) ?? 0, now + ms));
    },
  };
}

function keyOf({ method, channelId }: LimitedCall): string {
  return LIMITED_BY_CHANNEL.has(method) ? `${method} ${channelId ?? ''}` : method;
}
