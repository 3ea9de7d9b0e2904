import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findProgram, runChild } from '../../runtime/child.ts';
import { createConversation } from '../emulators/core/conversation.ts';
import type { SeenMessage } from '../emulators/core/conversation.ts';
import { chatPicture } from './chat-picture.ts';

const MESSAGE: SeenMessage = {
  id: '1',
  chat: 'studio',
  thread: null,
  by: 'ada',
  text: 'hello',
  files: [],
  buttons: [],
  replyTo: null,
  onlyFor: null,
  pings: [],
};
const NAMES: Readonly<Record<string, string>> = { ada: 'Ada Keys', bot: 'Woodshed', studio: '# studio' };

function madeUpLog(): ReturnType<typeof createConversation> {
  const log = createConversation(() => Date.UTC(2026, 0, 2, 13, 5));
  log.post({ ...MESSAGE, text: 'Take one & two <loud>\u0007' });
  const card = { ...MESSAGE, id: '2', by: 'bot', replyTo: '1' };
  log.post({ ...card, text: 'Separate\n█████░░░░░ 50 %', buttons: [{ label: 'Cancel', customId: 'x', url: null }] });
  log.edit({ ...card, text: 'Separate\n████████░░ 80 %' });
  log.edit({
    ...card,
    text: 'vocals          -19.4 LUFS',
    files: [{ name: 'take - vocals.flac', bytes: 3_000_000, sha256: 'a', shownAs: 'audio' }],
    buttons: [
      { label: 'All', customId: null, url: 'http://127.0.0.1/d/x' },
      { label: 'Only bass', customId: 'y', url: null, menu: 'One stem…' },
      { label: 'Without bass', customId: 'y', url: null, menu: 'One stem…' },
    ],
  });
  log.post({ ...MESSAGE, id: '3', text: 'elsewhere', chat: 'covers' });
  log.post({ ...MESSAGE, id: '4', text: 'in the thread', thread: '1' });
  log.post({ ...MESSAGE, id: '5', text: 'taken back' });
  log.remove('studio', '5');
  log.post({ ...MESSAGE, id: '6', by: 'bot', text: 'for your eyes', onlyFor: 'ada' });
  log.notice({ chat: 'studio', onlyFor: 'ada', text: 'a toast' });
  return log;
}

function draw(platform: 'discord' | 'slack' | 'telegram', chats?: readonly string[]): string {
  const { events } = madeUpLog();
  const nameOf = (id: string): string => NAMES[id] ?? id;
  return chatPicture({ platform, events, nameOf, timeZone: 'UTC', ...(chats !== undefined && { chats }) });
}

/** What a reader sees, in reading order. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/gu)].map(([, said = '']) => said);
}

describe('the picture of a conversation', () => {
  it('shows what stands at the end, threads below what they hang on', () => {
    const seen = [
      ['# studio'],
      ['AK', 'Ada Keys', '13:05', 'Take one &amp; two &lt;loud&gt;'],
      ['AK', 'Ada Keys', '13:05', 'in the thread'],
      ['W', 'Woodshed', 'APP', '13:05 · edited 2 times', 'Ada Keys: Take one &amp; two &lt;loud&gt;'],
      ['vocals          -19.4 LUFS', 'take - vocals.flac', '2.9 MB', 'All ↗', 'One stem… ▾'],
      ['W', 'Woodshed', 'APP', '13:05 · only Ada Keys can see this', 'for your eyes'],
    ];
    assert.deepEqual(texts(draw('discord', ['studio'])), seen.flat());
  });

  it('draws every chat unless told which', () => {
    assert.ok(texts(draw('slack')).includes('elsewhere'));
    assert.ok(!texts(draw('slack', ['studio'])).includes('elsewhere'));
  });

  it('breaks long lines, so that nothing leaves the picture', () => {
    const words = `${'many words '.repeat(60)}${'x'.repeat(300)}`;
    const message = {
      ...MESSAGE,
      text: words,
      files: [{ name: 'y'.repeat(300), bytes: 1, sha256: 'a', shownAs: 'file' as const }],
    };
    const svg = chatPicture({
      platform: 'telegram',
      events: [{ kind: 'posted', atMs: 0, message }],
      nameOf: (id) => id,
      timeZone: 'UTC',
    });
    const lines = texts(svg).slice(4);
    assert.ok(lines.every((line) => line.length < 130));
    assert.equal(lines.slice(0, -3).join('').replaceAll(/\s/gu, ''), words.replaceAll(/\s/gu, ''));
    assert.match(lines.join('\n'), /y…/u);
  });

  const converter = findProgram('rsvg-convert');
  for (const platform of ['discord', 'slack', 'telegram'] as const) {
    it(
      `is an SVG that a renderer takes, in ${platform}’s manner`,
      {
        skip: converter === null ? 'skipped: rsvg-convert is not installed' : false,
      },
      async () => {
        const { code, stdout, stderr } = await runChild(converter ?? '', ['--format', 'png'], {
          cwd: import.meta.dirname,
          input: Buffer.from(draw(platform)),
          maxOutputBytes: 8 * 1024 * 1024,
        });
        assert.equal(code, 0, stderr);
        assert.equal(stdout.subarray(1, 4).toString(), 'PNG');
        assert.equal(stdout.readUInt32BE(16), 720);
      },
    );
  }
});
