/** Files: what arrives as what, and how large it may be: documented facts, each held against the emulator. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fact } from './facts.test-kit.ts';
import { checkFacts, refused, idOf } from './facts.test-kit.ts';
import { ADAS_CHAT, GROUP_CHAT, read, song } from './telegram.test-kit.ts';
import type { ApiAnswer } from './telegram.test-kit.ts';

const FACTS: readonly Fact[] = [
  {
    says: 'editMessageMedia puts a file into a text message, which then has a caption and no text',
    async check({ call, telegram }) {
      const message_id = idOf(await call('sendMessage', { chat_id: ADAS_CHAT, text: 'working' }));
      const mp3 = song('bass.mp3');
      const media = {
        type: 'audio',
        media: 'attach://stem',
        caption: 'bass',
        title: 'Bass',
        performer: 'Song',
        duration: 3,
      };
      const { result } = await call('editMessageMedia', { chat_id: ADAS_CHAT, message_id, media }, { stem: mp3 });
      const audio = result?.['audio'] as Record<string, unknown>;
      assert.deepEqual(
        [
          audio['title'],
          audio['performer'],
          audio['duration'],
          audio['file_name'],
          audio['file_size'],
          audio['mime_type'],
        ],
        ['Bass', 'Song', 3, 'bass.mp3', 2000, 'audio/mpeg'],
      );
      assert.equal(result?.['caption'], 'bass');
      assert.equal(result?.['text'], undefined);
      const [file] = telegram.conversation.find(ADAS_CHAT, String(message_id))?.files ?? [];
      assert.equal(file?.shownAs, 'audio');
      assert.deepEqual(Buffer.from(telegram.fileBytes?.(file.sha256) ?? []), Buffer.from(mp3.bytes));
      refused(
        await call('editMessageText', { chat_id: ADAS_CHAT, message_id, text: 'x' }),
        400,
        'Bad Request: there is no text in the message to edit',
      );
      const again = {
        type: 'audio',
        media: audio['file_id'],
        caption: 'bass',
        title: 'Bass',
        performer: 'Song',
        duration: 3,
      };
      refused(
        await call('editMessageMedia', { chat_id: ADAS_CHAT, message_id, media: again }),
        400,
        /^Bad Request: message is not modified/u,
      );
    },
  },
  {
    says: 'an album has 2 to 10 of one kind, and comes whole or not at all',
    async check({ call, telegram }) {
      const item = (name: string, type = 'audio'): object => ({ type, media: `attach://${name}` });
      const send = async (items: object[], files: string[]): Promise<ApiAnswer> =>
        await call(
          'sendMediaGroup',
          { chat_id: ADAS_CHAT, media: items },
          Object.fromEntries(files.map((name) => [name, song(`${name}.mp3`)])),
        );
      refused(
        await send([item('a'), item('b', 'document')], ['a', 'b']),
        400,
        "Bad Request: audio can't be mixed with other media types",
      );
      refused(await send([item('a')], ['a']), 400, /2-10/u);
      const eleven = Array.from({ length: 11 }, (_, index) => `f${String(index)}`);
      refused(
        await send(
          eleven.map((name) => item(name)),
          eleven,
        ),
        400,
        'Bad Request: too many messages to send as an album',
      );
      refused(
        await send([item('a'), item('missing')], ['a']),
        400,
        "Bad Request: can't parse InputMedia: media not found",
      );
      assert.deepEqual(telegram.conversation.messages(ADAS_CHAT), []);
      const { result } = await send([item('a'), item('b')], ['a', 'b']);
      const groups = (result as unknown as readonly Record<string, unknown>[]).map(
        (message) => message['media_group_id'],
      );
      assert.equal(groups.length, 2);
      assert.equal(typeof groups[0], 'string');
      assert.equal(groups[0], groups[1]);
    },
  },
  {
    says: 'captions have at most 1024 characters',
    async check({ call }) {
      const send = async (caption: string): Promise<ApiAnswer> =>
        await call('sendDocument', { chat_id: ADAS_CHAT, caption }, { document: song('notes.txt', 10, 'text/plain') });
      idOf(await send('x'.repeat(1024)));
      refused(await send('x'.repeat(1025)), 400, 'Bad Request: message caption is too long');
    },
  },
  {
    says: 'sendAudio takes MP3 and M4A for the player, anything else arrives as a document',
    async check({ call, telegram }) {
      for (const [name, shownAs] of [
        ['a.mp3', 'audio'],
        ['a.m4a', 'audio'],
        ['a.wav', 'file'],
        ['a.flac', 'file'],
      ] as const) {
        const id = idOf(await call('sendAudio', { chat_id: ADAS_CHAT }, { audio: song(name) }));
        assert.equal(telegram.conversation.find(ADAS_CHAT, String(id))?.files[0]?.shownAs, shownAs, name);
      }
      const voice = idOf(
        await call('sendVoice', { chat_id: ADAS_CHAT }, { voice: song('preview.ogg', 500, 'audio/ogg') }),
      );
      assert.equal(telegram.conversation.find(ADAS_CHAT, String(voice))?.files[0]?.shownAs, 'voice');
    },
  },
  {
    says: 'a file is sent again by its id, under its own kind only',
    async check({ call }) {
      const { result } = await call('sendAudio', { chat_id: ADAS_CHAT }, { audio: song('a.mp3') });
      const audio = (result?.['audio'] as { file_id: string } | undefined)?.file_id;
      idOf(await call('sendAudio', { chat_id: GROUP_CHAT, audio }));
      refused(
        await call('sendDocument', { chat_id: GROUP_CHAT, document: audio }),
        400,
        "Bad Request: can't use file of type Audio as Document",
      );
      refused(
        await call('sendAudio', { chat_id: GROUP_CHAT, audio: 'nonsense' }),
        400,
        'Bad Request: wrong file identifier/HTTP URL specified',
      );
    },
  },
  {
    says: 'getFile refuses more than 20 MB, and its path is good for an hour',
    async check(bench) {
      const fits = 20 * 1024 * 1024;
      await bench.says(ADAS_CHAT, '', { files: [song('fits.mp3', fits)] });
      await bench.says(ADAS_CHAT, '', { files: [song('more.mp3', fits + 1)] });
      const ids = (await bench.updates()).map(
        (update) => (update['message'] as { audio: { file_id: string } }).audio.file_id,
      );
      refused(await bench.call('getFile', { file_id: ids[1] }), 400, 'Bad Request: file is too big');
      const { result } = await bench.call('getFile', { file_id: ids[0] });
      const url = `${bench.telegram.root}/file/bot${bench.telegram.token}/${String(result?.['file_path'])}`;
      assert.equal((await (await fetch(url)).arrayBuffer()).byteLength, fits);
      bench.telegram.advance(3_600_001);
      refused(await read(await fetch(url)), 404, 'Not Found');
    },
  },
  {
    says: 'an upload of more than 50 MB is 413',
    async check({ call, telegram }) {
      const most = 50 * 1024 * 1024;
      const send = async (bytes: number): Promise<ApiAnswer> =>
        await call('sendDocument', { chat_id: ADAS_CHAT }, { document: song('stem.wav', bytes) });
      refused(await send(most + 1), 413, 'Request Entity Too Large');
      assert.deepEqual(telegram.conversation.messages(ADAS_CHAT), []);
      idOf(await send(most));
    },
  },
  {
    says: 'a file is fetched from a URL, a document only if it is a PDF or ZIP',
    async check({ call, telegram }) {
      const bytes = Buffer.alloc(3000, 'from afar');
      const site = createServer((request, response) => {
        const isThere = request.url !== '/gone.mp3';
        response.writeHead(isThere ? 200 : 404, {
          'content-type': request.url === '/a.mp3' ? 'audio/mpeg' : 'text/html',
        });
        response.end(bytes);
      });
      site.listen(0, '127.0.0.1');
      await once(site, 'listening');
      const at = `http://127.0.0.1:${String((site.address() as AddressInfo).port)}`;
      try {
        const id = idOf(await call('sendAudio', { chat_id: ADAS_CHAT, audio: `${at}/a.mp3` }));
        const [file] = telegram.conversation.find(ADAS_CHAT, String(id))?.files ?? [];
        assert.deepEqual([file?.name, file?.bytes, file?.shownAs], ['a.mp3', 3000, 'audio']);
        const gone = await call('sendAudio', { chat_id: ADAS_CHAT, audio: `${at}/gone.mp3` });
        refused(gone, 400, 'Bad Request: failed to get HTTP URL content');
        const page = await call('sendDocument', { chat_id: ADAS_CHAT, document: `${at}/a.html` });
        refused(page, 400, 'Bad Request: wrong type of the web page content');
      } finally {
        site.closeAllConnections();
        site.close();
      }
    },
  },
  {
    says: 'a copy has the content and none of the keyboard',
    async check({ call, telegram }) {
      const { result } = await call('sendAudio', { chat_id: ADAS_CHAT, caption: 'one' }, { audio: song('a.mp3') });
      const copy = { chat_id: GROUP_CHAT, from_chat_id: ADAS_CHAT, message_id: result?.message_id, caption: 'two' };
      const seen = telegram.conversation.find(GROUP_CHAT, String(idOf(await call('copyMessage', copy))));
      assert.deepEqual([seen?.text, seen?.files[0]?.name], ['two', 'a.mp3']);
    },
  },
];

checkFacts(FACTS);
