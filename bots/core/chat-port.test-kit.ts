/** What every platform's port must do, whatever the platform; run by each `bots/<platform>/outbound.test.ts`. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { Card } from '../../workflows/contract/card.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { ChatAddress, SourceReference } from '../../workflows/contract/request.ts';
import type { DeliveredFile } from '../../workflows/contract/stems.ts';
import { exampleJob, exampleResult } from './example-job.test-kit.ts';
import { jobCard } from './job-card.ts';

type Attachment = Extract<SourceReference, { kind: 'attachment' }>;

/** One room of the platform, empty, and how a person in it sees and does things. */
export interface ChatRoom {
  readonly port: ChatPort;
  readonly address: ChatAddress;
  /** The messages that stand in the room now, as the platform was given them, oldest first. */
  messages(): Promise<readonly string[]>;
  /** The result files that a person has got, by name. */
  files(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** What lies where the port had no business. */
  strays(): Promise<readonly string[]>;
  attach(name: string, bytes: Uint8Array): Promise<Attachment>;
  /** Things that were attached and are no song, or not any more, with what the port must answer. */
  unusable(): Promise<readonly (readonly [what: string, attachment: Attachment, code: FailureCode])[]>;
  close(): Promise<void>;
}

/** Texts that a musician, a tag or a link may carry. No port may pass on what they would do. */
const HOSTILE_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['terminal commands', '\u001b[2J\u001b]0;owned\u0007\u009b31mred'],
  ['line breaks', 'one\r\ntwo\u2028three'],
  ['a right-to-left override', 'evil\u202egnp.mp3'],
  ['zero bytes and lone surrogates', 'a\u0000b\ud800c'],
  ['mark-up and mentions', '<!channel> @everyone *bold* `code` [x](https://example.org) <b>'],
  ['10 kB of letters', 'x'.repeat(10_000)],
  ['10 kB of marks', `a${'\u0336'.repeat(10_000)}`],
];
const HOSTILE_NAMES = ['../stray.wav', '../../stray.wav', '/stray.wav', 'folder/stray.wav', '..', '.', ''];

// oxlint-disable-next-line no-control-regex -- what must not be there
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

export function testChatPort(name: string, openRoom: () => Promise<ChatRoom>): void {
  describe(name, () => {
    let room: ChatRoom;
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

    /** A result file as the blob store hands it over. */
    async function result(fileName: string, bytes: Uint8Array): Promise<readonly [DeliveredFile, string]> {
      const path = join(folder, createHash('sha256').update(bytes).digest('hex'));
      await writeFile(path, bytes);
      const blob = { key: 'stems/x', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      return [{ name: 'vocals', fileName, blob }, path];
    }

    test('posts a card and edits it in its place', async () => {
      const { port, address } = room;
      const { messageId } = await port.postCard(address, card({ version: 1 }), 'nonce');
      await port.editCard(address, messageId, card({ version: 2, stage: 'separate', fraction: 0.5 }));
      await port.editCard(address, messageId, card({ version: 3 }, DONE));
      const messages = await room.messages();
      assert.equal(messages.length, 1);
      assert.match(messages[0] ?? '', /vocals\s.*-18\.2 LUFS/u);
    });

    test('the same card again changes nothing', async () => {
      const { port, address } = room;
      const { messageId } = await port.postCard(address, card({ version: 1 }), 'nonce');
      await port.editCard(address, messageId, card({ version: 3 }, DONE));
      const messages = await room.messages();
      await port.editCard(address, messageId, card({ version: 3 }, DONE));
      assert.deepEqual(await room.messages(), messages);
    });

    test('an older card never covers a newer one', async () => {
      const { port, address } = room;
      const { messageId } = await port.postCard(address, card({ version: 1 }), 'nonce');
      await port.editCard(address, messageId, card({ version: 7 }, DONE));
      const messages = await room.messages();
      await port.editCard(address, messageId, card({ version: 6, stage: 'deliver' }));
      assert.deepEqual(await room.messages(), messages);
    });

    test('cards of two jobs stand side by side', async () => {
      const { port, address } = room;
      const one = await port.postCard(address, card({ id: 'one', title: 'First song' }), 'nonce-1');
      const two = await port.postCard(address, card({ id: 'two', title: 'Second song' }), 'nonce-2');
      assert.notEqual(one.messageId, two.messageId);
      await port.editCard(address, one.messageId, card({ id: 'one', title: 'First song', version: 2 }, DONE));
      const messages = await room.messages();
      assert.equal(messages.filter((text) => text.includes('First song')).length, 1);
      assert.equal(messages.filter((text) => text.includes('Second song')).length, 1);
    });

    for (const [what, text] of HOSTILE_TEXTS) {
      test(`a card with ${what} stays one card`, async () => {
        const { port, address } = room;
        const hostile = card({ version: 1, title: text, log: [text], stage: 'separate' });
        const { messageId } = await port.postCard(address, hostile, 'nonce');
        await port.editCard(address, messageId, {
          ...hostile,
          version: 2,
          subtitle: text,
          estimate: text,
          body: [text],
        });
        const messages = await room.messages();
        assert.equal(messages.length, 1);
        assert.doesNotMatch(messages.join(''), COMMANDS);
      });
    }

    test('hands a file over whole; a repeat leaves one', async () => {
      const { port, address } = room;
      const bytes = Buffer.alloc(3_000_001, 'la la ');
      const [file, path] = await result('vocals.wav', bytes);
      await port.deliverFile(address, file, path);
      await port.deliverFile(address, file, path);
      await Promise.all([port.deliverFile(address, file, path), port.deliverFile(address, file, path)]);
      const files = await room.files();
      assert.deepEqual([...files.keys()], ['vocals.wav']);
      assert.ok(bytes.equals(files.get('vocals.wav') ?? new Uint8Array()));
    });

    for (const fileName of HOSTILE_NAMES) {
      test(`no file named ${JSON.stringify(fileName)} leaves the room`, async () => {
        const [file, path] = await result(fileName, Buffer.from('la'));
        await room.port.deliverFile(room.address, file, path).catch((error: unknown) => {
          assert.ok(error instanceof RangeError, String(error));
        });
        assert.deepEqual(await room.strays(), []);
      });
    }

    test('opens what was attached, byte for byte', async () => {
      const bytes = Buffer.from(Array.from({ length: 2_500_003 }, (_, index) => (index * 31) % 251));
      const attachment = await room.attach('My Song.flac', bytes);
      const opened = await room.port.openAttachment(attachment);
      assert.equal(opened.name, 'My Song.flac');
      assert.ok(bytes.equals(await buffer(opened.bytes)));
    });

    test('an empty attachment is empty', async () => {
      const opened = await room.port.openAttachment(await room.attach('nothing.wav', new Uint8Array()));
      assert.equal((await buffer(opened.bytes)).length, 0);
    });

    test('refuses what cannot be opened, and waits for none of it', async () => {
      for (const [what, attachment, code] of await room.unusable()) {
        await assert.rejects(
          room.port.openAttachment(attachment),
          (error) => error instanceof ApplicationFailure && error.type === code && error.nonRetryable === true,
          what,
        );
      }
    });
  });
}

const DONE: JobOutcome = { state: 'done', result: exampleResult(), reused: false };

function card(changes: Parameters<typeof exampleJob>[0], outcome: JobOutcome | null = null): Card {
  return jobCard(exampleJob(changes), { queuePlace: 0, secondsLeft: 20 }, outcome);
}
