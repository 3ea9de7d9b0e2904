import type { JobOutcome } from './job.ts';
import type { StoredSource } from './recording.ts';
import type { SourceReference } from './request.ts';

/** Queue `chat-<platform>`: the one process that holds the platform's connection. */
export interface ChatActivities {
  /** The placeholder of the job's card. Posted once, whatever dies; edited from then on. */
  postCard(input: { readonly jobId: string }): Promise<void>;
  /** Streams an attachment into the blob store. */
  collectAttachment(input: {
    readonly jobId: string;
    readonly source: Extract<SourceReference, { kind: 'attachment' }>;
  }): Promise<StoredSource>;
  /** Puts the result, or the reason there is none, into the card. May run again without a second visible result. */
  deliverOutcome(input: { readonly jobId: string; readonly outcome: JobOutcome }): Promise<void>;
}
