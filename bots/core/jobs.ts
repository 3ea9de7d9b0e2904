/** What the bots need of the database; implemented in `db/`, injected by each `main.ts`. */
import type { JobOutcome, JobStage, JobState } from '../../workflows/contract/job.ts';
import type { JobRequest, Quality } from '../../workflows/contract/request.ts';

/** A job as a card or a list shows it. */
export interface JobView {
  readonly id: string;
  /** Short, for people: `/cancel K7QF2M`. */
  readonly code: string;
  readonly workflowId: string;
  readonly request: JobRequest;
  readonly title: string | null;
  readonly audioSeconds: number | null;
  readonly state: JobState;
  readonly stage: JobStage | null;
  /** 0 to 1 within the stage. */
  readonly fraction: number;
  readonly log: readonly string[];
  /** Rises with every visible change. */
  readonly version: number;
  readonly outcome: JobOutcome | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface Jobs {
  find(id: string): Promise<JobView | null>;
  findByCode(code: string): Promise<JobView | null>;
  findByInboundEvent(inboundEventId: string): Promise<JobView | null>;
  /** Newest first. */
  list(options: { readonly limit: number; readonly unfinishedOnly?: boolean }): Promise<readonly JobView[]>;
  /** Unfinished jobs that were accepted before this one. */
  queuePlace(id: string): Promise<number>;
  /** From the wall-clock seconds of finished jobs per second of audio; null while there are none. */
  estimateSeconds(options: {
    readonly strategy: string;
    readonly quality: Quality;
    readonly audioSeconds: number;
  }): Promise<number | null>;
}

/** Calls back with the id of every job whose row changed, until `stop`. May call for changes that were seen already. */
export interface JobFeed {
  watch(onChange: (jobId: string) => void): Promise<{ stop(): Promise<void> }>;
}

/** The inbound ledger: a chat event is written here before it is acknowledged. */
export interface Inbox {
  accept(event: InboundEvent): Promise<{ readonly id: string; readonly isNew: boolean }>;
}

export interface InboundEvent {
  readonly platform: JobRequest['address']['platform'];
  readonly botId: string;
  /** The platform's own identity of the event; a redelivery carries the same. */
  readonly eventKey: string;
  readonly payload: InboundPayload;
}

export type InboundPayload =
  | { readonly kind: 'job'; readonly request: Omit<JobRequest, 'inboundEventId'> }
  | { readonly kind: 'cancel'; readonly jobId: string };

/** The delivery ledger: one row per visible thing in a chat, so that each is posted once, whatever dies. */
export interface Deliveries {
  plan(delivery: PlannedDelivery): Promise<DeliveryRow>;
  /** True when the caller may send now; false while another sender's lease runs or when it was sent. */
  beginSend(id: string, leaseMs: number): Promise<boolean>;
  /** Returns the message id that stands: the first one. */
  markSent(id: string, messageId: string): Promise<string>;
  markNotSent(id: string): Promise<void>;
  markAmbiguous(id: string): Promise<void>;
  markGone(id: string): Promise<void>;
}

export interface PlannedDelivery {
  readonly jobId: string;
  readonly slot: string;
  readonly platform: JobRequest['address']['platform'];
  readonly target: JobRequest['address'];
  readonly contentSha256: string;
}

export interface DeliveryRow {
  readonly id: string;
  readonly state: 'planned' | 'sending' | 'sent' | 'ambiguous' | 'gone';
  readonly nonce: string;
  readonly messageId: string | null;
  readonly attempts: number;
}
