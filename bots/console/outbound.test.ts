import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { runChild } from '../../runtime/child.ts';
import { testChatPort } from '../core/chat-port.test-kit.ts';
import type { PortRoom } from '../core/chat-port.test-kit.ts';
import { DONE, exampleCard } from '../core/port-example.test-kit.ts';
import { createConsolePort } from './outbound.ts';
import { createScreen } from './screen.ts';
import { createTerminal } from './terminal.test-kit.ts';
import { createTranscript } from './transcript.ts';

interface ConsoleRoomUnderTest extends PortRoom {
  readonly home: string;
  readonly out: string;
}

async function openRoom(): Promise<ConsoleRoomUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'woodshed-console-'));
  const out = join(home, 'bandstand', 'out');
  // Wide enough that nothing is cut.
  const terminal = createTerminal({ columns: 1000 });
  const port = createConsolePort(createScreen(terminal), createTranscript(join(home, 'console.jsonl')));

  function attachment(reference: string, name = 'song.mp3'): Extract<SourceReference, { kind: 'attachment' }> {
    return { kind: 'attachment', reference, name, declaredBytes: null };
  }

  return {
    home,
    out,
    port,
    address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: out },
    requester: { platform: 'console', userId: '1000', displayName: 'Ana' },
    mostEntries: 0,
    calls: [],
    network: null,
    async messages() {
      const names = await readdir(out).catch(() => []);
      const files = new Map(
        await Promise.all(names.map(async (name) => [name, await readFile(join(out, name))] as const)),
      );
      const texts = `\n${terminal.lines().join('\n')}`.split('\n┌').slice(1);
      // The folder is the last card's.
      return texts.map((text, index) => ({
        id: String(index),
        text,
        files: index === texts.length - 1 ? files : new Map<string, Uint8Array>(),
        pings: [],
        textLinks: [],
        entries: [],
      }));
    },
    async strays() {
      const found = await readdir(home, { recursive: true });
      return found.filter((name) => name.includes('stray') || name.includes('.part-'));
    },
    async attach(name, bytes) {
      const path = join(home, 'upload');
      await writeFile(path, bytes);
      return attachment(path, name);
    },
    async unusable() {
      const fifo = join(home, 'fifo');
      const nowhere = join(home, 'nowhere');
      assert.equal((await runChild('mkfifo', [fifo], { cwd: home })).code, 0);
      await symlink(join(home, 'gone'), nowhere);
      return [
        ['a file that is gone', attachment(join(home, 'gone.mp3')), 'file-missing'],
        ['a link to nothing', attachment(nowhere), 'file-missing'],
        ['a name of 10 kB', attachment(join(home, 'x'.repeat(10_000))), 'file-missing'],
        ['a name with a zero byte', attachment(`${home}/a\0b`), 'file-missing'],
        ['a folder', attachment(home), 'not-audio'],
        ['a pipe that nobody writes to', attachment(fifo), 'not-audio'],
        ['an endless device', attachment('/dev/zero'), 'not-audio'],
      ];
    },
    async close() {
      await rm(home, { recursive: true });
    },
  };
}

testChatPort('the console port', false, openRoom);

const FILE = {
  name: 'vocals',
  fileName: 'vocals.wav',
  blob: { key: 'stems/x', bytes: 2, sha256: 'aa' },
  kind: 'sound',
  durationSeconds: 1,
} as const;

/** As the result writer hands a result over. */
async function deliver({ port, address }: Pick<PortRoom, 'port' | 'address'>, path: string): Promise<void> {
  const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
  await port.editCard(address, messageId, exampleCard({ version: 2 }, DONE), [{ ...FILE, path }]);
}

async function withRoom(use: (room: ConsoleRoomUnderTest, path: string) => Promise<void>): Promise<void> {
  const room = await openRoom();
  try {
    const path = join(room.home, 'blob');
    await writeFile(path, 'la', { mode: 0o600 });
    await use(room, path);
  } finally {
    await room.close();
  }
}

test('leaves other files of the folder alone, and nothing unfinished of a process that was killed', async () => {
  await withRoom(async (room, path) => {
    const { out } = room;
    await mkdir(out, { recursive: true });
    await writeFile(join(out, '.vocals.wav.part-killed'), 'l');
    await writeFile(join(out, '.vocals.wav.mine'), 'x');
    await writeFile(join(out, 'drums.wav'), 'x');
    await deliver(room, path);
    assert.deepEqual((await readdir(out)).sort(), ['.vocals.wav.mine', 'drums.wav', 'vocals.wav']);
  });
});

test('the delivered file belongs to the musician as any new file does', async () => {
  await withRoom(async (room, path) => {
    const { out, home } = room;
    await deliver(room, path);
    const usual = join(home, 'usual');
    await writeFile(usual, '');
    assert.equal((await stat(join(out, 'vocals.wav'))).mode, (await stat(usual)).mode);
  });
});

const HOPELESS: readonly (readonly [what: string, folder: (home: string) => string])[] = [
  ['below a file', (home) => join(home, 'blob', 'out')],
  ['where no folder can be made', () => '/proc/nowhere'],
  ['whose name is too long', (home) => join(home, 'x'.repeat(300))],
  ['with a zero byte in its name', (home) => `${home}/a\0b`],
  ['behind a link that leads in a circle', (home) => join(home, 'circle', 'out')],
];
for (const [what, folder] of HOPELESS) {
  test(`a folder ${what} is refused, not tried again`, async () => {
    await withRoom(async ({ port, address, home }, path) => {
      await symlink('circle', join(home, 'circle'));
      await assert.rejects(
        deliver({ port, address: { ...address, threadId: folder(home) } }, path),
        (error) => error instanceof ApplicationFailure && error.type === 'delivery-folder',
      );
    });
  });
}

test('a result that is not there is no fault of the folder', async () => {
  await withRoom(async (room, path) => {
    const { out } = room;
    await assert.rejects(deliver(room, `${path}-gone`), { code: 'ENOENT' });
    assert.deepEqual(await readdir(out), []);
  });
});
