import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { PortBench } from './chat-port.test-kit.ts';

export function testAttachments({ room }: PortBench): void {
  test('opens what was attached, byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 2_500_003 }, (_, index) => (index * 31) % 251));
    const attachment = await room().attach('My Song.flac', bytes);
    const opened = await room().port.openAttachment(attachment);
    assert.equal(opened.name, 'My Song.flac');
    assert.ok(bytes.equals(await buffer(opened.bytes)));
  });

  test('an empty attachment is empty', async () => {
    const opened = await room().port.openAttachment(await room().attach('nothing.wav', new Uint8Array()));
    assert.equal((await buffer(opened.bytes)).length, 0);
  });

  test('refuses what cannot be opened, and waits for none of it', async () => {
    for (const [what, attachment, code] of await room().unusable()) {
      await assert.rejects(
        async () => {
          const { bytes } = await room().port.openAttachment(attachment);
          await buffer(bytes);
        },
        (error) => error instanceof ApplicationFailure && error.type === code && error.nonRetryable === true,
        what,
      );
    }
  });
}
