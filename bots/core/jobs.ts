/** What the bots need of the database; implemented in `db/`, injected by each `main.ts`. */
import type { BandSettings, BandView } from '../../workflows/contract/band.ts';
import type { ResentPlaceholder } from '../../workflows/contract/chat-port.ts';
import type { SentFile } from '../../workflows/contract/delivery.ts';
import type { DeliverySlot, EventIdentity } from '../../workflows/contract/ids.ts';
import type { InboundPayload } from '../../workflows/contract/inbound.ts';
import type { JobSurface, JobView } from '../../workflows/contract/job-view.ts';
import type { TabPreferences } from '../../workflows/contract/tab.ts';
import type { UploadOrder } from '../../workflows/contract/upload.ts';
import type { ChatAddress, Platform, Quality, Requester } from '../../workflows/contract/request.ts';

export interface Jobs {
  find(id: string): Promise<JobView | null>;
  findByCode(code: string): Promise<JobView | null>;
  findByInboundEvent(inboundEventId: string): Promise<JobView | null>;
  /** Newest first. */
  list(options: {
    readonly limit: number;
    readonly unfinishedOnly?: boolean;
    readonly bandId?: string;
    readonly inboundEventId?: string;
    /** By whichever of this person's linked accounts. */
    readonly askedBy?: Requester;
  }): Promise<readonly JobView[]>;
  /** Where the job has a card; the origin first. */
  surfacesOf(jobId: string): Promise<readonly JobSurface[]>;
  /** Unfinished jobs that were accepted before this one. */
  queuePlace(id: string): Promise<number>;
  /** From the wall-clock seconds of finished jobs per second of audio; null while there are none. */
  estimateSeconds(of: { readonly work: KindOfWork; readonly audioSeconds: number }): Promise<number | null>;
}

/** Jobs that take alike. Not those of words and tabs: whether the song has to be taken apart for them no row tells. */
export type KindOfWork =
  | { readonly kind: 'split'; readonly strategy: string; readonly quality: Quality }
  | { readonly kind: 'analyze' | 'chords' };

/** Calls back with the id of every job whose row changed, until `stop`. May call for changes that were seen already. */
export interface JobFeed {
  watch(onChange: (jobId: string) => void): Promise<{ stop(): Promise<void> }>;
}

/** The inbound ledger: a chat event is written here before it is acknowledged. */
export interface Inbox {
  /** Once it resolves, the event may be acknowledged. A redelivery returns the first one's id, and its payload is not looked at. */
  accept(event: InboundEvent): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Keeps one of several events that belong together until {@link settle}; a redelivery changes nothing. */
  hold(event: HeldEvent): Promise<{ readonly isNew: boolean }>;
  /**
   * Turns all that is held under the key into one accepted event, or into none, in one transaction, once nothing was added for
   * `quietMs`. What comes later is an event of its own, decided upon together with what was `settled` before; what is only delivered
   * again is none. Safe in several processes at once. Null where it is not quiet yet, or nothing is held.
   */
  settle(
    group: { readonly platform: Platform; readonly botId: string; readonly groupKey: string; readonly quietMs: number },
    decide: (items: readonly unknown[], settled: readonly unknown[]) => InboundPayload | null,
  ): Promise<{ readonly id: string } | null>;
  /** Groups that are still held: what a process that died left. */
  heldGroups(platform: Platform, botId: string): Promise<readonly string[]>;
  /** Does what an event asks for and notes it, so that one that is delivered again does nothing: null. Rejected work may be done again. */
  once<T>(event: EventIdentity, work: () => Promise<T>): Promise<T | null>;
}

export interface InboundEvent extends EventIdentity {
  /** The platform's own identity of the event is `eventKey`; a redelivery carries the same. */
  readonly payload: InboundPayload;
}

export interface HeldEvent extends EventIdentity {
  readonly groupKey: string;
  /** JSON; given back to `decide`. */
  readonly item: unknown;
}

/** The delivery ledger: one row per visible thing in one place, so that each is posted once, whatever dies. */
export interface Deliveries {
  /** Creates the row, or returns the one there is. */
  plan(delivery: PlannedDelivery): Promise<DeliveryRow>;
  /** All rows of a job in one place. */
  list(jobId: string, surfaceId: string): Promise<readonly DeliveryRow[]>;
  /**
   * True when the caller may send now, and only then. False while another sender's lease runs, when it was sent, when the place is gone,
   * and where a slot that is seen at most once may have been.
   */
  beginSend(id: string, leaseMs: number): Promise<boolean>;
  /** Returns the message id that stands: the first one. Another one is a stray that the caller may remove. */
  markSent(id: string, messageId: string): Promise<string>;
  /** What stands in this message now, for an album; in place of what was noted before. */
  noteFiles(id: string, files: readonly SentFile[]): Promise<void>;
  markNotSent(id: string): Promise<void>;
  markAmbiguous(id: string): Promise<void>;
  markGone(id: string): Promise<void>;
}

/** The delivery ledger's placeholders that may have left strays in a chat. */
export interface Resent {
  /** Those of one place that have stood for so long and were not looked after, the oldest first; null where there are none. */
  next(standingForMs: number): Promise<ResentInPlace | null>;
  /** They are not looked after again. */
  markSwept(place: ResentInPlace): Promise<void>;
}

export interface ResentInPlace {
  readonly address: ChatAddress;
  /** At least one. */
  readonly rows: readonly (ResentPlaceholder & { readonly id: string })[];
}

export interface PlannedDelivery {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly slot: DeliverySlot;
  readonly target: ChatAddress;
  readonly contentSha256: string;
}

export interface DeliveryRow {
  readonly id: string;
  readonly slot: DeliverySlot;
  readonly state: 'planned' | 'sending' | 'sent' | 'ambiguous' | 'gone';
  readonly nonce: string;
  readonly messageId: string | null;
  /** Those of its files that can be shown again without their bytes. */
  readonly sentFiles: readonly SentFile[];
  readonly attempts: number;
  readonly firstTryAt: Date | null;
}

/** Bands: who shares a library, and what they have chosen. */
export interface Bands {
  /** The band of this chat; founded by its first message. */
  of(address: ChatAddress, requester: Requester): Promise<BandView>;
  /** Every band that this person plays in, the one with the newest job first. */
  ofPerson(requester: Requester): Promise<readonly BandView[]>;
  /** A new band for this chat, which leaves the one it was in. The requester owns it. */
  create(address: ChatAddress, requester: Requester, name: string): Promise<BandView>;
  /** A code of 8 characters, for 10 minutes and one use, by which another chat joins. */
  invite(address: ChatAddress, requester: Requester): Promise<{ readonly code: string; readonly expiresAt: Date }>;
  /** This chat joins; its cards are mirrored from now on. */
  join(address: ChatAddress, requester: Requester, code: string): Promise<JoinedBand>;
  /** This chat goes its own way again, in a band of its own. */
  leave(address: ChatAddress, requester: Requester): Promise<BandView>;
  saveSettings(bandId: string, settings: Partial<BandSettings>): Promise<BandView>;
  isMember(bandId: string, requester: Requester): Promise<boolean>;
  /** Under the same account, or under accounts that are linked to be one person's. */
  isSamePerson(one: Requester, other: Requester): Promise<boolean>;
  /** Whoever founded the band. */
  isOwner(bandId: string, requester: Requester): Promise<boolean>;
  /** A chat got another id (Telegram: a group became a supergroup): its surfaces, deliveries and band move along. */
  moveChat(
    place: { readonly platform: Platform; readonly botId: string; readonly chatId: string },
    to: string,
  ): Promise<void>;
}

export type JoinedBand =
  | { readonly kind: 'joined'; readonly band: BandView }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'already' }
  /** Too many codes of this person let nobody in; none is looked at until then. */
  | { readonly kind: 'wait'; readonly freeInSeconds: number };

/** Chat accounts and the people who sign in to be known by them. */
export interface Accounts {
  /** Whether this person has to link their account before they get a result in this band. */
  mustLink(bandId: string, requester: Requester): Promise<boolean>;
  isLinked(requester: Requester): Promise<boolean>;
  /** A page for this person alone, for one use; null where there is nothing to sign in with. Whoever has its address acts for them. */
  linkPage(requester: Requester): Promise<LinkPage | null>;
  /** The code that such a page showed. `too-many`: it is worth nothing any more. */
  confirm(requester: Requester, code: string): Promise<'linked' | 'wrong' | 'too-many'>;
  /** False where it was not linked. */
  unlink(requester: Requester): Promise<boolean>;
}

export interface LinkPage {
  readonly url: string;
  readonly endsAt: Date;
}

/** Pages that take one song each, for what a chat cannot hand over. */
export interface Uploads {
  /** Null where there are no pages. An event that is told again gets the same ticket, by a new address. */
  offer(event: EventIdentity, order: UploadOrder): Promise<{ readonly url: string } | null>;
}

/** What members and bands usually play on; null where nobody said. */
export interface Tabs {
  /** Of whoever asks, and of the band of the place where they ask. */
  usual(who: {
    readonly requester: Requester;
    readonly address: ChatAddress;
  }): Promise<{ readonly member: TabPreferences; readonly band: TabPreferences }>;
  /** Keeps it for this person on every platform. Null takes back what was said; what is left out stays. Returns all that holds now. */
  saveMember(requester: Requester, changes: Partial<TabPreferences>): Promise<TabPreferences>;
  saveBand(bandId: string, changes: Partial<TabPreferences>): Promise<TabPreferences>;
}

/** What somebody may still ask for. Reserving happens when a job is opened; this only tells, and counts commands. */
export interface Shares {
  /** Counts one command; says when the next is free where there were too many within a minute. */
  countCommand(
    requester: Requester,
  ): Promise<{ readonly allowed: true } | { readonly allowed: false; readonly freeInSeconds: number }>;
  /** Null where nothing is rationed. */
  left(bandId: string, requester: Requester): Promise<SharesLeft | null>;
}

export interface SharesLeft {
  readonly jobs: Share;
  readonly audioMinutes: Share;
  readonly megabytes: Share;
}

export interface Share {
  readonly limit: number;
  readonly left: number;
  /** When something of it frees; null while nothing is used. */
  readonly freeInSeconds: number | null;
}
