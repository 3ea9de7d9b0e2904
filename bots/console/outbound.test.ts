import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { runChild } from '../../runtime/child.ts';
import { testChatPort } from '../core/chat-port.test-kit.ts';
import type { ChatRoom } from '../core/chat-port.test-kit.ts';
import { createConsolePort } from './outbound.ts';
import { createScreen } from './screen.ts';
import { createTerminal } from './terminal.test-kit.ts';
import { createTranscript } from './transcript.ts';

interface ConsoleRoomUnderTest extends ChatRoom {
  readonly home: string;
  readonly out: string;
}

async function openRoom(): Promise<ConsoleRoomUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'woodshed-console-'));
  const out = join(home, 'bandstand', 'out');
  const terminal = createTerminal();
  const port = createConsolePort(createScreen(terminal), createTranscript(join(home, 'console.jsonl')));

  function attachment(reference: string, name = 'song.mp3'): Extract<SourceReference, { kind: 'attachment' }> {
    return { kind: 'attachment', reference, name, declaredBytes: null };
  }

  return {
    home,
    out,
    port,
    address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: out },
    async messages() {
      return `\n${terminal.lines().join('\n')}`.split('\n┌').slice(1);
    },
    async files() {
      const names = await readdir(out);
      return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(out, name))] as const)));
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

testChatPort('the console port', openRoom);

const FILE = { name: 'vocals', fileName: 'vocals.wav', blob: { key: 'stems/x', bytes: 2, sha256: 'aa' } };

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
  await withRoom(async ({ port, address, out }, path) => {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, '.vocals.wav.part-killed'), 'l');
    await writeFile(join(out, '.vocals.wav.mine'), 'x');
    await writeFile(join(out, 'drums.wav'), 'x');
    await port.deliverFile(address, FILE, path);
    assert.deepEqual((await readdir(out)).sort(), ['.vocals.wav.mine', 'drums.wav', 'vocals.wav']);
  });
});

test('the delivered file belongs to the musician as any new file does', async () => {
  await withRoom(async ({ port, address, out, home }, path) => {
    await port.deliverFile(address, FILE, path);
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
        port.deliverFile({ ...address, threadId: folder(home) }, FILE, path),
        (error) => error instanceof ApplicationFailure && error.type === 'delivery-folder',
      );
    });
  });
}

test('a result that is not there is no fault of the folder', async () => {
  await withRoom(async ({ port, address, out }, path) => {
    await assert.rejects(port.deliverFile(address, FILE, `${path}-gone`), { code: 'ENOENT' });
    assert.deepEqual(await readdir(out), []);
  });
});
