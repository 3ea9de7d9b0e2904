/** Waiting times that the operator may set and tests shorten; handed to a workflow when it starts, so replays see the same. */
export interface Timing {
  /** A compute activity that reports nothing for this long is taken for dead. */
  readonly computeHeartbeatSeconds: number;
  readonly mediaHeartbeatSeconds: number;
  /** First pause before an activity is tried again. */
  readonly retrySeconds: number;
  /** A job that took longer is announced: edits notify nobody. Two minutes by default. */
  readonly pingAfterSeconds?: number;
  /** How long a result waits for its asker's link before the card says that it is kept. A day by default. */
  readonly linkReminderSeconds?: number;
}
