import type { AlbumContent, AlbumReport, DeliveryReport, Preview, ResultParcel } from './delivery.ts';
import type { JobOutcome } from './job.ts';
import type { StoredSource } from './recording.ts';
import type { SourceReference } from './request.ts';

/** Queue `chat-<platform>`: the one process that holds the platform's connection. */
export interface ChatActivities {
  /** The placeholder of the job's card in this place. Posted once, whatever dies; edited from then on. */
  postCard(input: { readonly jobId: string; readonly surfaceId: string }): Promise<PostedCard>;
  /** Streams an attachment into the blob store. */
  collectAttachment(input: {
    readonly jobId: string;
    readonly source: Extract<SourceReference, { kind: 'attachment' }>;
  }): Promise<StoredSource>;
  /**
   * Puts the result, or the reason there is none, into the card, and files where they go. May run again without a second visible
   * result. After `too-large` nothing of the parcel is visible.
   */
  deliverOutcome(input: {
    readonly jobId: string;
    readonly surfaceId: string;
    readonly outcome: JobOutcome;
    readonly parcel: ResultParcel;
  }): Promise<DeliveryReport>;
  /** "Ready" for long jobs, and the preview: each at most once, lost rather than doubled. Never fails a job. */
  postExtras(input: {
    readonly jobId: string;
    readonly surfaceId: string;
    readonly preview: Preview | null;
    readonly ping: boolean;
  }): Promise<void>;
  /** The stems as one album, for whoever pressed its button: at most once, lost rather than doubled. */
  postAlbum(input: {
    readonly jobId: string;
    readonly surfaceId: string;
    readonly album: AlbumContent;
  }): Promise<AlbumReport>;
  /** One try to tell the requester in private how it ended, where the place of the card is gone. */
  tellInPrivate(input: {
    readonly jobId: string;
    readonly surfaceId: string;
    readonly outcome: JobOutcome;
    readonly parcel: ResultParcel;
  }): Promise<void>;
}

export interface PostedCard {
  /** False where there is no place to post to any more: whoever asked is gone. */
  readonly isThere: boolean;
  /** Largest file that can be posted there, in bytes; null where there is no limit. */
  readonly fileLimitBytes: number | null;
}
