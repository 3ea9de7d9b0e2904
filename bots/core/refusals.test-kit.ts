/** What becomes of a result whose chat is closed to the bot for good; run by each platform with its own kinds of refusals. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import type { ChatEmulator } from '../../tools/emulators/core/emulator.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { openDeliveryPath } from './delivery-path.test-kit.ts';
import type { AskedJob } from './delivery-path.test-kit.ts';
import { openHouse } from './house.test-kit.ts';
import type { House } from './house.test-kit.ts';

export interface RefusingRoom {
  readonly emulator: ChatEmulator;
  readonly port: ChatPort;
  /** Where it is asked for, and by whom. */
  readonly address: ChatAddress;
  readonly requester: Requester;
  /** See {@link Asked}. */
  readonly sounds?: number;
  /** Id of the requester's private chat with the bot. */
  readonly privateChat: string;
  /** Requests so far that were about the place, however they ended. */
  callsToPlace(): number;
  close(): Promise<void>;
}

export interface Refusal<Room extends RefusingRoom> {
  /** As the platform puts it, and why. */
  readonly says: string;
  readonly open: () => Promise<Room>;
  /** Happens while the song is being split. @param cardId message id of the card */
  readonly befall: (room: Room, cardId: string) => unknown;
  /** Whether the requester can still be told in private. */
  readonly isTold: boolean;
}

/** A call that is refused, and one that finds out whether it stays so. */
const MOST_CALLS = 2;
const LIMIT = { timeout: 120_000 };

export function testRefusals<Room extends RefusingRoom>(name: string, refusals: readonly Refusal<Room>[]): void {
  describe(`${name}, a chat that is closed while the song is being split`, () => {
    let house: House;
    before(async () => {
      house = await openHouse();
    });
    after(async () => {
      await house.close();
    });

    for (const { says, open, befall, isTold } of refusals) {
      const told = isTold ? 'the asker gets links in private' : 'nobody can be told';
      test(`${says}: nothing comes there, ${told}, and the result is kept`, LIMIT, async () => {
        const room = await open();
        const path = await openDeliveryPath(house, room.port, room.address.platform);
        try {
          const job = await path.ask(room);
          await job.postCard();
          await befall(room, await cardIdOf(job));
          await deliveredNowhere(room, job);
          await toldInPrivate(room, job, isTold);
          await keptBy(house, job);
        } finally {
          await path.stop();
          await room.close();
        }
      });
    }
  });
}

/** Also where Temporal lets it be tried once more, as it does when a process died before it could report. */
async function deliveredNowhere(room: RefusingRoom, job: AskedJob): Promise<void> {
  const calls = room.callsToPlace();
  const parcel = await job.parcel('files');
  assert.deepEqual(await job.deliver(parcel), { state: 'gone' });
  assert.deepEqual(await job.deliver(parcel), { state: 'gone' });
  const made = room.callsToPlace() - calls;
  assert.ok(made >= 1 && made <= MOST_CALLS, `${String(made)} calls to a place that is closed`);
  assert.deepEqual(
    room.emulator.conversation.messages(room.address.chatId).filter((message) => hasResult(message, job)),
    [],
  );
}

/** Twice, as Temporal may; it is one try all the same. */
async function toldInPrivate(room: RefusingRoom, job: AskedJob, isTold: boolean): Promise<void> {
  const { conversation } = room.emulator;
  const earlier = conversation.messages(room.privateChat).length;
  const parcel = await job.parcel('links');
  await job.end();
  await job.tellInPrivate(parcel);
  await job.tellInPrivate(parcel);
  const tries = (await job.deliveries()).filter(({ slot }) => slot === 'private').map(({ attempts }) => attempts);
  assert.ok(tries.length <= 1 && (tries[0] ?? 0) <= 1, `tried ${tries.join(', ')} times`);
  const heard = conversation.messages(room.privateChat).slice(earlier);
  assert.equal(heard.length, isTold ? 1 : 0);
  const links = heard.flatMap(({ buttons }) => buttons.flatMap(({ url }) => url ?? []));
  assert.equal(links.length, isTold ? job.files.length : 0);
  assert.deepEqual(
    await Promise.all(links.map(async (link) => await sha256Behind(link))),
    isTold ? job.files.map(({ blob }) => blob.sha256) : [],
  );
}

async function keptBy({ blobs }: House, job: AskedJob): Promise<void> {
  const row = await job.row();
  assert.equal(row?.state, 'done');
  for (const { blob } of job.files) {
    assert.equal((await blobs.head(blob.key))?.sha256, blob.sha256);
  }
}

export async function cardIdOf(job: AskedJob): Promise<string> {
  const card = (await job.deliveries()).find(({ slot }) => slot === 'card');
  assert.ok(card?.messageId != null, 'the card stands');
  return card.messageId;
}

export async function sha256Behind(url: string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}

/** One of its files, or what its finished card says. */
function hasResult({ files, text }: SeenMessage, { files: own }: AskedJob): boolean {
  return files.some(({ sha256 }) => own.some(({ blob }) => blob.sha256 === sha256)) || /LUFS/u.test(text);
}
