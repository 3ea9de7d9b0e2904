/** How an emulated platform misbehaves. Chosen from a seed, so that a run can be had again. */

export const FAULTS = [
  /** 429 with a wait; nothing was done. */
  'rate-limited',
  /** 5xx; nothing was done. */
  'refused-5xx',
  /** Done, then 5xx. */
  'done-then-5xx',
  /** Done, then no answer at all. */
  'done-then-hang',
  /** Done, then the connection breaks. */
  'done-then-reset',
  /** The connection breaks before the request is read; nothing was done. */
  'reset-before',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Shares of sends, 0 to 1 each, together at most 1. */
export type FaultMix = Readonly<Partial<Record<Fault, number>>>;

/** The mix that every platform's deliveries must survive. */
export const USUAL_MIX: FaultMix = {
  'rate-limited': 0.05,
  'refused-5xx': 0.1,
  'done-then-5xx': 0.1,
  'done-then-hang': 0.1,
  'done-then-reset': 0.05,
  'reset-before': 0.05,
};

/** One call of the bot, as faults are chosen for it. */
export interface EmulatedCall {
  /** The platform's name of the method or route, such as `chat.update`. */
  readonly method: string;
  /** Posts, edits, uploads: what the mix is meant for. Reading and connecting are not. */
  readonly isSend: boolean;
}

export interface Faults {
  /** Decides about the next call; null lets it pass. */
  next(call: EmulatedCall): Fault | null;
  /** How often each was dealt out. */
  readonly counts: ReadonlyMap<Fault, number>;
  /** How many of them left the bot in the dark about a send that WAS executed, by method. */
  readonly ambiguousSends: ReadonlyMap<string, number>;
}

export function noFaults(): Faults {
  return { next: () => null, counts: new Map(), ambiguousSends: new Map() };
}

/** @param random 0 to below 1, from a seed */
export function randomFaults(mix: FaultMix, random: () => number): Faults {
  return countFaults((call) => {
    if (!call.isSend) return null;
    let drawn = random();
    for (const fault of FAULTS) {
      drawn -= mix[fault] ?? 0;
      if (drawn < 0) return fault;
    }
    return null;
  });
}

/** The given ones, each for the next send of its method, in order. */
export function plannedFaults(planned: readonly { readonly method: string; readonly fault: Fault | null }[]): Faults {
  const rest = [...planned];
  return countFaults((call) => {
    const index = rest.findIndex(({ method }) => method === call.method);
    return index < 0 ? null : (rest.splice(index, 1)[0]?.fault ?? null);
  });
}

function countFaults(choose: (call: EmulatedCall) => Fault | null): Faults {
  const counts = new Map<Fault, number>();
  const ambiguousSends = new Map<string, number>();
  return {
    counts,
    ambiguousSends,
    next(call) {
      const fault = choose(call);
      if (fault !== null) counts.set(fault, (counts.get(fault) ?? 0) + 1);
      if (fault?.startsWith('done-then') === true) {
        ambiguousSends.set(call.method, (ambiguousSends.get(call.method) ?? 0) + 1);
      }
      return fault;
    },
  };
}
