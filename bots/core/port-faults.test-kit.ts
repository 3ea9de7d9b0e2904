import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import type { SendOutcome } from '../../workflows/contract/chat-port.ts';
import type { PortBench, PortFault, PortNetwork } from './chat-port.test-kit.ts';
import { pause } from './pacing.ts';
import { DONE, exampleCard, exampleFile } from './port-example.test-kit.ts';
import { place } from './port-files.test-kit.ts';

/** What the port may say of each; a 5xx may always have been executed. */
const OUTCOMES: Readonly<Record<PortFault, readonly SendOutcome[]>> = {
  'rate-limited': ['not-executed'],
  'refused-5xx': ['ambiguous', 'not-executed'],
  'done-then-5xx': ['ambiguous'],
  'done-then-hang': ['ambiguous'],
  'done-then-reset': ['ambiguous'],
  'reset-before': ['ambiguous', 'not-executed'],
};
const LIMIT_BYTES = 100_000;

export function testFaults({ room, folder }: PortBench): void {
  function network(): PortNetwork {
    const found = room().network;
    assert.ok(found !== null, 'this suite needs rooms that can fail');
    return found;
  }

  /** What the port threw; fails where it threw nothing. */
  async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
    try {
      await work();
    } catch (error) {
      return error;
    }
    return assert.fail('the port did not say that it failed');
  }

  for (const [fault, outcomes] of Object.entries(OUTCOMES) as [PortFault, readonly SendOutcome[]][]) {
    const isDone = fault.startsWith('done-');

    test(`a post that is ${fault} is told as it is, and sent by nobody again`, async () => {
      const { port, address } = room();
      const sends = network().sends();
      network().befall(fault);
      const error = await failureOf(async () => await port.postCard(address, exampleCard({ version: 1 }), 'nonce'));
      assert.ok(error instanceof SendError && outcomes.includes(error.outcome), String(error));
      assert.equal(error.retryAfterMs !== null, fault === 'rate-limited');
      assert.equal(network().sends(), sends + 1);
      assert.equal((await room().messages()).length, isDone ? 1 : 0);
      await pause(error.retryAfterMs ?? 0);
      await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
      assert.equal((await room().messages()).length, isDone && !network().knowsNonces ? 2 : 1);
    });

    test(`an edit that is ${fault} is told as it is, and may be repeated`, async () => {
      const { port, address } = room();
      const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
      const sends = network().sends();
      network().befall(fault);
      const done = exampleCard({ version: 2 }, DONE);
      const error = await failureOf(async () => {
        await port.editCard(address, messageId, done, []);
      });
      assert.ok(error instanceof SendError && outcomes.includes(error.outcome), String(error));
      assert.equal(network().sends(), sends + 1);
      await pause(error.retryAfterMs ?? 0);
      await port.editCard(address, messageId, done, []);
      const messages = await room().messages();
      assert.deepEqual(
        messages.map(({ id, text }) => [id, /-18\.2 LUFS/u.test(text)]),
        [[messageId, true]],
      );
    });
  }

  test('a chat that is gone is gone, for posts and for edits', async () => {
    const { port, address } = room();
    const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
    await network().vanish();
    for (const work of [
      async () => await port.postCard(address, exampleCard({ version: 1 }), 'nonce-2'),
      async () => {
        await port.editCard(address, messageId, exampleCard({ version: 2 }, DONE), []);
      },
    ]) {
      const error = await failureOf(work);
      assert.ok(error instanceof SendError && error.outcome === 'gone', String(error));
    }
  });

  test('a file that is too large is said to be, with what would fit, and nothing is shown of it', async () => {
    await network().limitFiles(LIMIT_BYTES);
    const large = await exampleFile(folder(), 'vocals.mp3', LIMIT_BYTES + 50_000);
    const error = await failureOf(async () => await place(room(), [large]));
    assert.ok(error instanceof FileTooLargeError, String(error));
    assert.ok(error.limitBytes < large.blob.bytes, String(error.limitBytes));
    assert.deepEqual(
      (await room().messages()).flatMap((message) => [...message.files.keys()]),
      [],
    );
  });

  test('a file just within the limit comes', async () => {
    await network().limitFiles(LIMIT_BYTES);
    await place(room(), [await exampleFile(folder(), 'vocals.mp3', LIMIT_BYTES - 1000)]);
    assert.deepEqual(
      (await room().messages()).flatMap((message) => [...message.files.keys()]),
      ['vocals.mp3'],
    );
  });

  test('a ready line and a preview come at most once, and calls nobody but the requester', async () => {
    const { port, address, requester } = room();
    const card = exampleCard({ version: 9 }, DONE);
    const { messageId } = await port.postCard(address, card, 'nonce');
    const posted = await port.postExtra(address, messageId, { kind: 'ready', requester, card }, 'nonce-ready');
    const messages = await room().messages();
    assert.equal(messages.length, posted === null ? 1 : 2);
    for (const { pings } of messages) {
      assert.ok(
        pings.every((person) => person === requester.userId),
        pings.join(', '),
      );
    }
  });
}
