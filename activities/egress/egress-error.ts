/**
 * What a guarded connection can refuse or fail with. `blocked-*` is decided from the text of the address alone, so telling it apart
 * reveals nothing about the network inside; everything that depends on the network is `unreachable`, whether a name does not exist,
 * leads to a private address or does not answer.
 */
export type EgressReason =
  | 'invalid'
  | 'blocked-scheme'
  | 'blocked-userinfo'
  | 'blocked-port'
  | 'blocked-address'
  | 'blocked-downgrade'
  | 'blocked-host'
  | 'too-many-redirects'
  | 'unreachable'
  | 'timeout'
  | 'status'
  | 'bad-response'
  | 'too-large';

export class EgressError extends Error {
  readonly reason: EgressReason;
  /** The HTTP status for `status`; null otherwise. */
  readonly status: number | null;

  constructor(reason: EgressReason, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(options.status === undefined ? reason : `${reason} ${String(options.status)}`, { cause: options.cause });
    this.name = 'EgressError';
    this.reason = reason;
    this.status = options.status ?? null;
  }
}
