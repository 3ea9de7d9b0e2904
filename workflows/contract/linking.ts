/** Whether a chat user shows in a browser who they are before they get a result. */

/**
 * `always`: whoever asks. `members`: whoever asks in a band without any linked member; in a band for the invited, whoever did not join by its
 * code. `never`: nobody. The console is linked by itself.
 */
export const LINKING = ['always', 'members', 'never'] as const;
export type LinkPolicy = (typeof LINKING)[number];

/** While it is computed; the result is there; the result has been there for long. */
export const LINK_STAGES = ['work', 'result', 'late'] as const;
export type LinkStage = (typeof LINK_STAGES)[number];

/** Whoever asked has to link their chat account before the result is handed over. */
export interface LinkTerms {
  /** How long a result is kept for them; null: for ever. */
  readonly keptSeconds: number | null;
}

/** A job that waits for its asker's link, as its card shows it. */
export interface LinkWait {
  readonly stage: LinkStage;
  /** Until when the result is kept; null while it is computed, and where it is kept for ever. */
  readonly endsAt: Date | null;
}
