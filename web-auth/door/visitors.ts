/** How many requests one address may make: so many at a time, and so many a minute once a first burst is used up. */

export interface Visitors {
  /** Lets a request in, or says how long to wait. `leave` is called once when its answer has ended. */
  enter(address: string): { readonly leave: () => void } | { readonly waitSeconds: number };
}

export interface VisitorLimits {
  readonly atOnce: number;
  readonly perMinute: number;
  /** Addresses that are remembered; the longest unseen are forgotten first. */
  readonly most: number;
}

interface Visitor {
  inside: number;
  /** Requests that it may still make now, in fractions. */
  allowance: number;
  seenAtMs: number;
}

/** @param nowMs a clock that never goes back */
export function createVisitors({ atOnce, perMinute, most }: VisitorLimits, nowMs: () => number): Visitors {
  const visitors = new Map<string, Visitor>();
  const perMs = perMinute / 60_000;
  return {
    enter(address) {
      const now = nowMs();
      const known = visitors.get(address) ?? { inside: 0, allowance: perMinute, seenAtMs: now };
      known.allowance = Math.min(perMinute, known.allowance + (now - known.seenAtMs) * perMs);
      known.seenAtMs = now;
      // The map keeps the order of entering: whoever came last stands at its end.
      visitors.delete(address);
      visitors.set(address, known);
      if (visitors.size > most) {
        const [longestUnseen] = visitors.keys();
        if (longestUnseen !== undefined) visitors.delete(longestUnseen);
      }
      if (known.inside >= atOnce) return { waitSeconds: 1 };
      if (known.allowance < 1) return { waitSeconds: Math.ceil((1 - known.allowance) / perMs / 1000) };
      known.allowance -= 1;
      known.inside += 1;
      return { leave: () => void (known.inside -= 1) };
    },
  };
}
