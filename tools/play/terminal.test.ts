import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createEchoRoom } from './echo-room.test-kit.ts';
import type { EchoRoom } from './echo-room.test-kit.ts';
import { createStackState } from './stack-state.ts';
import { playInTerminal } from './terminal.ts';

/** Types the lines, ends the input and gives what was printed. */
async function played(room: EchoRoom, ...lines: readonly string[]): Promise<string> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const playing = playInTerminal(room, createStackState(), { input, output }, new AbortController().signal);
  input.end(lines.map((line) => `${line}\n`).join(''));
  await playing;
  // oxlint-disable-next-line no-control-regex -- what clears the line is not text
  return String(output.read()).replaceAll(/\r\u001B\[K/gu, '');
}

describe('the playroom in a terminal', () => {
  it('prints what happens and numbers the messages', async () => {
    const room = createEchoRoom('discord');
    const printed = await played(room, 'hello there', ':as ben', ':reply 1 and to you', ':in covers', 'new place');
    assert.match(printed, / 1 Ada in # studio\n {4}hello there\n/u);
    assert.match(printed, / 2 Ben Okafor in # studio \(answers 1\)\n {4}and to you\n/u);
    assert.match(printed, / 3 Ben Okafor in # covers\n/u);
  });

  it('does everything that a person can do', async () => {
    const room = createEchoRoom('discord');
    const folder = await mkdtemp(join(tmpdir(), 'woodshed-play-'));
    const song = join(folder, 'a song.flac');
    try {
      await writeFile(song, 'abc');
      await played(
        room,
        '/split want:bass',
        `:attach "${song}" my take`,
        ':press 2 Cancel',
        ':menu 2 Split stems',
        ':in studio 2',
        'in the thread',
        ':edit 2 our take',
        ':delete 2',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
    const at = { chat: 'studio', thread: null };
    assert.deepEqual(
      room.actions.map(({ kind }) => kind),
      ['command', 'message', 'press', 'shortcut', 'message', 'edit', 'delete'],
    );
    const [, attached, press, shortcut, inThread] = room.actions;
    assert.ok(attached?.kind === 'message');
    assert.deepEqual(
      attached.files.map(({ name, bytes, mimeType }) => [name, new TextDecoder().decode(bytes), mimeType]),
      [['a song.flac', 'abc', 'audio/flac']],
    );
    assert.equal(attached.text, 'my take');
    assert.deepEqual(press, { kind: 'press', by: 'ada', at, messageId: '2', label: 'Cancel' });
    assert.deepEqual(shortcut, { kind: 'shortcut', by: 'ada', at, messageId: '2', name: 'Split stems' });
    assert.deepEqual(inThread?.at, { chat: 'studio', thread: '2' });
    assert.equal(room.emulator.conversation.find('studio', '2'), null);
  });

  it('says what it does not understand, and stops when told', async () => {
    const room = createEchoRoom('discord');
    const printed = await played(
      room,
      ':dance',
      ':press 9 Cancel',
      ':as nobody',
      ':attach /nowhere x',
      ':quit',
      'after',
    );
    assert.match(printed, /:dance is not known/u);
    assert.match(printed, /no message is numbered 9/u);
    assert.match(printed, /nobody is not here: Ada, Ben Okafor/u);
    assert.match(printed, /ENOENT/u);
    assert.equal(room.actions.length, 0);
  });

  it('shows private messages, buttons, files, edits and what goes', async () => {
    const room = createEchoRoom('discord');
    const [input, output] = [new PassThrough(), new PassThrough()];
    const quit = new AbortController();
    const playing = playInTerminal(room, createStackState(), { input, output }, quit.signal);
    const file = room.store({ name: 'bass.flac', bytes: new Uint8Array(3000), mimeType: 'audio/flac' }, 'audio');
    const buttons = [
      { label: 'Cancel', customId: 'x', url: null },
      { label: 'All', customId: null, url: 'http://127.0.0.1/d' },
      { label: 'Only bass', customId: 'y', url: null, menu: 'One stem…' },
      { label: 'Without bass', customId: 'y', url: null, menu: 'One stem…' },
    ];
    const card = room.post({ text: 'a\nb', onlyFor: 'ben', pings: ['ada'], files: [file], buttons });
    room.emulator.conversation.edit({ ...card, text: 'c' });
    room.emulator.conversation.remove('studio', card.id);
    quit.abort();
    await playing;
    const printed = String(output.read());
    assert.match(printed, /1 Woodshed in # studio \(only Ben Okafor sees it; pings Ada\)/u);
    assert.match(printed, /♪ bass\.flac \(3 kB\)/u);
    assert.match(printed, /\[Cancel\] \[All\] http:\/\/127\.0\.0\.1\/d \[One stem… ▾ Only bass \| Without bass\]/u);
    assert.match(printed, /1 Woodshed in # studio \(edited;/u);
    assert.match(printed, /1 was deleted/u);
  });
});
