/** What Slack limits in a workspace, and what in a channel: asked once, and others are left alone. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { DEMOS, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { pause } from '../core/pacing.ts';
import { exampleCard } from '../core/port-example.test-kit.ts';
import { openEmulatedRoom } from './emulated-room.test-kit.ts';
import type { EmulatedRoom } from './emulated-room.test-kit.ts';

const LIMIT = { timeout: 60_000 };
const LONG_MS = 60_000;
const card = exampleCard({ version: 1 });

let room: EmulatedRoom;
beforeEach(async () => {
  room = await openEmulatedRoom(false);
});
afterEach(async () => {
  await room.close();
});

async function post(chatId: string): Promise<string> {
  return (await room.port.postCard({ ...room.address, chatId }, card, 'nonce')).messageId;
}

async function edit(chatId: string, messageId: string): Promise<void> {
  await room.port.editCard({ ...room.address, chatId }, messageId, exampleCard({ version: 2 }), []);
}

/** Milliseconds that are left to wait. */
async function refused(work: Promise<unknown>): Promise<number> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof SendError && error.outcome === 'not-executed', String(error));
  assert.ok(error.retryAfterMs !== null && error.retryAfterMs > 0);
  return error.retryAfterMs;
}

function asked(method: string): number {
  return room.slack.requests.filter((request) => request.method === method).length;
}

test('edits are limited in the whole workspace, and posts go on', LIMIT, async () => {
  const [one, two] = [await post(REHEARSAL.id), await post(DEMOS.id)];
  room.slack.limit('chat.update', LONG_MS);
  const first = await refused(edit(REHEARSAL.id, one));
  const second = await refused(edit(DEMOS.id, two));
  assert.ok(second <= first && first <= LONG_MS, `${String(first)} ms, then ${String(second)} ms`);
  assert.equal(asked('chat.update'), 1);
  await post(DEMOS.id);
});

test('posts are limited in their channel', LIMIT, async () => {
  room.slack.limit('chat.postMessage', LONG_MS, REHEARSAL.id);
  await refused(post(REHEARSAL.id));
  await refused(post(REHEARSAL.id));
  await post(DEMOS.id);
  assert.equal(asked('chat.postMessage'), 2);
});

test('when the time is over it is asked again', LIMIT, async () => {
  room.slack.limit('chat.postMessage', 1000, REHEARSAL.id);
  await pause(await refused(post(REHEARSAL.id)));
  await post(REHEARSAL.id);
});
