/** What a chat event asks for once it has been read: the inbound ledger's payload. */
import type { JobRequest, Requester } from './request.ts';

/** Before the event has a row, and so an id. */
export type NewJobRequest = Omit<JobRequest, 'inboundEventId'>;

export type InboundPayload =
  | { readonly kind: 'job'; readonly request: NewJobRequest }
  /** One event with several songs (an album, a message with many files): a job each, in this order. 2 to 10. */
  | { readonly kind: 'jobs'; readonly requests: readonly NewJobRequest[] }
  | { readonly kind: 'cancel'; readonly jobId: string }
  /** A finished job's stems as one album, in one of the places where it has a card. */
  | {
      readonly kind: 'album';
      readonly jobId: string;
      readonly surfaceId: string;
      /** Who asked for it. */
      readonly requester: Requester;
    };
