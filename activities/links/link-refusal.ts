import { activityInfo } from '@temporalio/activity';
import { refusal, refuse } from '../../workflows/contract/failure.ts';
import { EgressError } from '../egress/egress-error.ts';

const BYTES_PER_MEGABYTE = 1_000_000;
const TRANSIENT_STATUS = new Set([429, 500, 502, 503, 504]);
const TRIES = 3;

export function refuseTooLarge(limitBytes: number): never {
  return refuse('too-large', { limitMegabytes: Math.floor(limitBytes / BYTES_PER_MEGABYTE) });
}

/** What to throw for what the network threw: the contract's words, or the error itself where another try may help. */
export function linkFailure(error: unknown, largestUploadBytes: number): unknown {
  if (!(error instanceof EgressError)) return error;
  const lastTry = activityInfo().attempt >= TRIES;
  switch (error.reason) {
    case 'invalid':
    case 'blocked-scheme':
    case 'blocked-userinfo':
      return refusal('link-invalid');
    case 'blocked-port':
    case 'blocked-address':
    case 'blocked-downgrade':
    case 'blocked-host':
      return refusal('link-blocked');
    case 'too-many-redirects':
      return refusal('link-refused', { status: 'too many redirects' });
    case 'unreachable':
    case 'timeout':
      return refusal('link-unreachable');
    case 'status':
      if (TRANSIENT_STATUS.has(error.status ?? 0) && !lastTry) return error;
      return refusal('link-refused', { status: error.status ?? 'no' });
    case 'bad-response':
      return lastTry ? refusal('link-refused', { status: 'something unreadable' }) : error;
    case 'too-large':
      return refusal('too-large', { limitMegabytes: Math.floor(largestUploadBytes / BYTES_PER_MEGABYTE) });
  }
}
