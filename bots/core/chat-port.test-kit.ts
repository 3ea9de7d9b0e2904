/** What every platform's port must do, whatever the platform; run by each `bots/<platform>/outbound.test.ts`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import type { ChatAddress, Requester, SourceReference } from '../../workflows/contract/request.ts';
import { testAttachments } from './port-attachments.test-kit.ts';
import { testCards } from './port-cards.test-kit.ts';
import { testFaults } from './port-faults.test-kit.ts';
import { testFiles } from './port-files.test-kit.ts';
import { testTexts } from './port-texts.test-kit.ts';

export type Attachment = Extract<SourceReference, { kind: 'attachment' }>;

/** A message of the port as it stands in the room. */
export interface SeenPost {
  readonly id: string;
  /** As a person reads it, mark-up applied. */
  readonly text: string;
  /** On the console: the files of the folder that it speaks of. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Ids of people and groups that it calls. */
  readonly pings: readonly string[];
  /** What can be opened from its text; buttons and the card's own links are not counted. */
  readonly textLinks: readonly string[];
  /** Entries of its menus. */
  readonly entries: readonly string[];
}

/** What may befall the port's next send: the names of `tools/emulators/core/faults.ts`. */
export type PortFault =
  | 'rate-limited'
  | 'refused-5xx'
  | 'done-then-5xx'
  | 'done-then-hang'
  | 'done-then-reset'
  | 'reset-before';

/** Where the platform is a server that can fail. The port must be set up to wait a second or two for an answer at most. */
export interface PortNetwork {
  /** Befalls the next call that posts, edits or uploads; a 429 asks for a second. */
  befall(fault: PortFault): void;
  /** Calls that post, edit or upload, so far. */
  sends(): number;
  /** Posts again with the same nonce is the same message (Discord). */
  readonly knowsNonces: boolean;
  /** The chat is deleted, or the bot thrown out of it. */
  vanish(): Promise<void>;
  /** From now on the chat takes files of at most so many bytes. */
  limitFiles(bytes: number): Promise<void>;
}

/** One room of the platform, empty, and how a person in it sees and does things. */
export interface PortRoom {
  readonly port: ChatPort;
  readonly address: ChatAddress;
  /** Somebody in the room. */
  readonly requester: Requester;
  /** How many entries a card's menu has there; 0 where messages have no menus. */
  readonly mostEntries: number;
  /** What calls people of this room when it is typed; empty where nobody can be called. */
  readonly calls: readonly string[];
  /** Every message of the port that stands in the room now, in threads too, oldest first. */
  messages(): Promise<readonly SeenPost[]>;
  /** What lies where the port had no business; none but on the console. */
  strays(): Promise<readonly string[]>;
  attach(name: string, bytes: Uint8Array): Promise<Attachment>;
  /** Things that were attached and are no song, or not any more, with what the port must answer. */
  unusable(): Promise<readonly (readonly [what: string, attachment: Attachment, code: FailureCode])[]>;
  /** Null where there is nothing that could fail between the port and the room (the console). */
  readonly network: PortNetwork | null;
  close(): Promise<void>;
}

/** What the parts of the suite share. */
export interface PortBench {
  room(): PortRoom;
  /** A folder of this suite's own. */
  folder(): string;
}

/** @param openRoom called for every test. @param hasNetwork whether rooms have a {@link PortRoom.network} */
export function testChatPort(name: string, hasNetwork: boolean, openRoom: () => Promise<PortRoom>): void {
  describe(name, () => {
    let room: PortRoom;
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'woodshed-port-'));
    });
    after(async () => {
      await rm(folder, { recursive: true });
    });
    beforeEach(async () => {
      room = await openRoom();
    });
    afterEach(async () => {
      await room.close();
    });
    const bench: PortBench = { room: () => room, folder: () => folder };
    testCards(bench);
    testTexts(bench);
    testFiles(bench);
    testAttachments(bench);
    if (hasNetwork) {
      testFaults(bench);
    }
  });
}
