/** A group that becomes a supergroup while a song of it is being split: messages do not move along, and the result comes all the same. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { ADA, GROUP } from '../../tools/emulators/telegram/options.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { openDeliveryPath } from '../core/delivery-path.test-kit.ts';
import type { AskedJob, DeliveryPath } from '../core/delivery-path.test-kit.ts';
import { openHouse } from '../core/house.test-kit.ts';
import type { House } from '../core/house.test-kit.ts';
import { openTelegramRoom } from './delivery-room.test-kit.ts';
import type { TelegramRoom } from './delivery-room.test-kit.ts';

const GROUP_CHAT = String(GROUP.id);
const LIMIT = { timeout: 120_000 };

let house: House;
let room: TelegramRoom;
let path: DeliveryPath;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house.close();
});
beforeEach(async () => {
  room = await openTelegramRoom(GROUP_CHAT, null, ADA);
  path = await openDeliveryPath(house, room.port, 'telegram');
});
afterEach(async () => {
  await path.stop();
  await room.close();
});

function fromBot(chatId: string): SeenMessage[] {
  return room.emulator.conversation.messages(chatId).filter(({ by }) => by === 'bot');
}

/** One finished card and every file once, and nothing else of the bot. */
function assertWhole(chatId: string, { code, files }: AskedJob): void {
  const messages = fromBot(chatId);
  assert.deepEqual(
    messages.flatMap(({ files: shown }) => shown.map(({ sha256 }) => sha256)).toSorted(),
    files.map(({ blob }) => blob.sha256).toSorted(),
  );
  const cards = messages.filter(({ text }) => text.includes(code) && text.includes('LUFS'));
  assert.deepEqual([cards.length, messages.length], [1, 1 + files.length]);
}

test('the card and all files come into the new chat', LIMIT, async () => {
  const job = await path.ask(room);
  await job.postCard();
  const moved = room.emulator.migrateGroup(GROUP_CHAT);
  const calls = room.callsToPlace();
  const parcel = await job.parcel('files');
  assert.deepEqual(await job.deliver(parcel), { state: 'delivered' });
  assert.deepEqual(await job.deliver(parcel), { state: 'delivered' });
  assert.equal(room.callsToPlace() - calls, 1, 'the old chat is asked once');
  assertWhole(moved, job);
  assert.equal(room.emulator.conversation.messages(room.privateChat).length, 0);
});

test('also where messages waited for files in the old one', LIMIT, async () => {
  const job = await path.ask(room);
  await job.postCard();
  const parcel = await job.parcel('files');
  room.emulator.limitUploads(1);
  assert.equal((await job.deliver(parcel)).state, 'too-large');
  room.emulator.limitUploads(1_000_000);
  const moved = room.emulator.migrateGroup(GROUP_CHAT);
  assert.deepEqual(await job.deliver(parcel), { state: 'delivered' });
  assertWhole(moved, job);
});

test('also where another process moved it first', LIMIT, async () => {
  const other = await openDeliveryPath(house, room.port, 'telegram');
  const [first, second] = [await path.ask(room), await other.ask(room)];
  await first.postCard();
  await second.postCard();
  const moved = room.emulator.migrateGroup(GROUP_CHAT);
  assert.deepEqual(await first.deliver(await first.parcel('files')), { state: 'delivered' });
  assertWhole(moved, first);
  assert.deepEqual(await second.deliver(await second.parcel('files')), { state: 'delivered' });
  assert.equal(fromBot(moved).length, 2 * (1 + first.files.length));
  await other.stop();
});

test('a result that was complete before is not sent again', LIMIT, async () => {
  const job = await path.ask(room);
  const parcel = await job.parcel('files');
  assert.deepEqual(await job.deliver(parcel), { state: 'delivered' });
  assertWhole(GROUP_CHAT, job);
  const moved = room.emulator.migrateGroup(GROUP_CHAT);
  const later = await path.ask(room);
  await later.postCard();
  assert.deepEqual(fromBot(moved).length, 1);
  assert.ok((await job.deliveries()).every(({ slot, state }) => slot === 'result' || state === 'sent'));
});
