import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Update, UserFromGetMe } from 'grammy/types';
import { readReference } from './attachment-reference.ts';
import { readUpdate } from './read-update.ts';
import type { TelegramEvent } from './read-update.ts';

const ME = { id: 7, is_bot: true, first_name: 'Woodshed', username: 'Woodshed_bot' } as UserFromGetMe;
const ADA = { id: 51, is_bot: false, first_name: 'Ada', last_name: 'Keys\u202e' };
const PRIVATE = { id: 51, type: 'private', first_name: 'Ada' };
const GROUP = { id: -100_19, type: 'supergroup', title: 'Rehearsal' };
const CHANNEL = { id: -100_77, type: 'channel', title: 'Demos' };
const SONG = { audio: { file_id: 'song', file_unique_id: 'u', duration: 3, file_name: 'a.mp3', file_size: 9 } };

const PAPER = { file_id: 'paper', file_unique_id: 'p', file_name: 'score.pdf', mime_type: 'application/pdf' };

type Fields = Readonly<Record<string, unknown>>;

function read(kind: string, payload: Fields): TelegramEvent | null {
  const update: Fields = { update_id: 42, [kind]: payload };
  return readUpdate(update as unknown as Update, ME);
}

function message(fields: Fields, chat: Fields = PRIVATE): TelegramEvent | null {
  return read('message', { message_id: 5, date: 1, from: ADA, chat, ...commands(fields), ...fields });
}

/** Telegram marks commands by itself. */
function commands({ text, caption }: Fields): Fields {
  const written = text ?? caption;
  const found = typeof written === 'string' ? /^\/[\w@]+/u.exec(written) : null;
  const entities = found === null ? [] : [{ type: 'bot_command', offset: 0, length: found[0].length }];
  return { [text === undefined ? 'caption_entities' : 'entities']: entities };
}

/** What was made of it, in short: kind, words, file. */
function short(event: TelegramEvent | null): unknown {
  if (event === null || event.kind === 'moved') return event;
  const song = 'song' in event ? event.song : event.kind === 'press' ? (event.replied?.song ?? null) : null;
  return [
    event.kind,
    'words' in event ? event.words : null,
    song === null ? null : readReference(song.reference).fileId,
  ];
}

const reply = { reply_to_message: { message_id: 4, date: 1, chat: GROUP, from: ADA, ...SONG } };

for (const [what, event, expected] of [
  ['a command', message({ text: '/split strategy:band' }), ['command', ['split', 'strategy:band'], null]],
  [
    'quotes',
    message({ text: '/jam band create "The Sheds"' }),
    ['command', ['jam', 'band', 'create', 'The Sheds'], null],
  ],
  [
    'a caption',
    message({ caption: '/split want:vocals', ...SONG }, GROUP),
    ['command', ['split', 'want:vocals'], 'song'],
  ],
  ['an answer to a song', message({ text: '/split', ...reply }, GROUP), ['command', ['split'], 'song']],
  [
    'words of a song, line by line',
    message({ text: '/lyrics@woodshed_bot "Go"\nand stay', ...reply }, GROUP),
    ['command', ['lyrics', '--words="Go"\nand stay'], 'song'],
  ],
  [
    'words of a song in the message before',
    message({ caption: '/lyrics', ...SONG, reply_to_message: { message_id: 4, from: ADA, text: ' Go\nStay ' } }, GROUP),
    ['command', ['lyrics', '--words=Go\nStay'], 'song'],
  ],
  [
    'a link in the message before',
    message(
      { caption: '/lyrics', ...SONG, reply_to_message: { message_id: 4, from: ADA, text: 'https://a.b/c' } },
      GROUP,
    ),
    ['command', ['lyrics'], 'song'],
  ],
  ['a command for us', message({ text: '/Split@woodshed_BOT' }, GROUP), ['command', ['split'], null]],
  ["another bot's command", message({ text: '/split@other_bot' }, GROUP), null],
  ['a command that nobody here knows, in a group', message({ text: '/weather' }, GROUP), null],
  ['and for us', message({ text: '/weather@woodshed_bot' }, GROUP), ['command', ['weather'], null]],
  ['and in private', message({ text: '/weather' }), ['command', ['weather'], null]],
  ['a command in the middle', message({ text: 'I said /split' }, GROUP), null],
  ['a mention with words', message({ text: '@woodshed_bot split x' }, GROUP), ['command', ['split', 'x'], null]],
  ['a mention under a song', message({ text: '@Woodshed_Bot', ...reply }, GROUP), ['command', ['split'], 'song']],
  ['a mention alone', message({ text: '@woodshed_bot' }, GROUP), ['command', ['help'], null]],
  ['a longer name', message({ text: '@woodshed_bot2 split' }, GROUP), null],
  ['opening the bot', message({ text: '/start' }), ['command', ['help'], null]],
  [
    'a link into a band',
    message({ text: '/start@woodshed_bot join_ABCD2345' }, GROUP),
    ['command', ['jam', 'band', 'join', 'ABCD2345'], null],
  ],
  ['a link with anything else', message({ text: '/start ../../etc' }), ['command', ['help'], null]],
  ['talk in private', message({ text: 'hello there' }), ['talk', ['hello', 'there'], null]],
  ['talk in a group', message({ text: 'hello there' }, GROUP), null],
  ['a paper in private', message({ document: PAPER }), ['no-song', null, null]],
  ['a picture in private', message({ photo: [PAPER] }), ['no-song', null, null]],
  ['a paper with words in private', message({ document: PAPER, caption: 'hello' }), ['talk', ['hello'], null]],
  ['a sticker in private', message({ sticker: PAPER }), null],
  ['a paper in a group', message({ document: PAPER }, GROUP), null],
  ['a picture in a group', message({ photo: [PAPER] }, GROUP), null],
  ['an answer to us that is no command', message({ text: 'thanks', reply_to_message: { from: ME } }, GROUP), null],
  ['a song in private', message(SONG), ['song', null, 'song']],
  ['a song in a group', message(SONG, GROUP), null],
  ['one of an album', message({ ...SONG, media_group_id: '9' }, GROUP), ['album-song', null, 'song']],
  [
    'the one with the command',
    message({ ...SONG, caption: '/split', media_group_id: '9' }),
    ['album-song', ['split'], 'song'],
  ],
  ['pictures of an album', message({ photo: [{ file_id: 'p' }], media_group_id: '9' }), ['no-song', null, null]],
  ['a voice message', message({ voice: { file_id: 'v', mime_type: 'audio/ogg' } }), ['song', null, 'v']],
  ['a video', message({ video: { file_id: 'm', mime_type: 'video/mp4' } }), ['song', null, 'm']],
  ['a round video', message({ video_note: { file_id: 'n' } }), ['song', null, 'n']],
  ['a lossless file', message({ document: { file_id: 'd', mime_type: 'audio/flac' } }), ['song', null, 'd']],
  ['a file of no known kind', message({ document: { file_id: 'd' } }), ['song', null, 'd']],
  ['a sticker', message({ sticker: { file_id: 's' } }), null],
  ['somebody who joined', message({ new_chat_members: [ADA] }, GROUP), null],
  ['another bot', message({ text: '/split', from: { ...ME, id: 8 } }, GROUP), null],
  ['ourselves', message({ text: '/split', from: ME }, GROUP), null],
  ['what came through another bot', message({ ...SONG, caption: '/split', via_bot: ME }), null],
  [
    'a channel post that comes again',
    message({ text: '/split', sender_chat: CHANNEL, is_automatic_forward: true }, GROUP),
    null,
  ],
  ['nobody', message({ text: '/split', from: undefined }, GROUP), null],
  [
    'an edit',
    read('edited_message', { message_id: 5, date: 1, edit_date: 2, from: ADA, chat: PRIVATE, text: '/split' }),
    null,
  ],
  ['an edited post', read('edited_channel_post', { message_id: 5, date: 1, chat: CHANNEL, text: '/split' }), null],
  ['a vote', read('poll_answer', { poll_id: '1', user: ADA, option_ids: [0] }), null],
  ['nothing', read('unheard_of', {}), null],
] as const) {
  test(`reads ${what}`, () => {
    assert.deepEqual(short(event), expected);
  });
}

test('an update is known by its id, a person by theirs, and names are fit to be shown', () => {
  const event = message({ text: '/jobs' }, GROUP);
  assert.ok(event?.kind === 'command');
  assert.equal(event.eventKey, '42');
  assert.deepEqual(event.address, { platform: 'telegram', botId: '7', chatId: '-10019', threadId: null });
  assert.deepEqual(event.requester, { platform: 'telegram', userId: '51', displayName: 'Ada Keys' });
});

for (const [what, fields, threadId] of [
  ['a topic', { message_thread_id: 11, is_topic_message: true }, '11'],
  ['General', {}, null],
  ['an answer where there are no topics', { message_thread_id: 3 }, null],
] as const) {
  test(`in ${what} the thread is ${String(threadId)}`, () => {
    const event = message({ text: '/jobs', ...fields }, GROUP);
    assert.ok(event?.kind === 'command');
    assert.equal(event.address.threadId, threadId);
  });
}

for (const [what, fields, chat] of [
  ['an anonymous admin', { from: { id: 1_087_968_824, is_bot: true, first_name: 'Group' }, sender_chat: GROUP }, GROUP],
  [
    'a channel that speaks in a group',
    { from: { id: 136_817_688, is_bot: true, first_name: 'Channel' }, sender_chat: CHANNEL },
    GROUP,
  ],
] as const) {
  test(`${what} is served, as a chat`, () => {
    const event = message({ text: '/split', ...fields }, chat);
    assert.ok(event?.kind === 'command');
    assert.equal(event.requester.userId, `chat:${String(fields.sender_chat.id)}`);
    assert.equal(event.requester.displayName, fields.sender_chat.title);
  });
}

test('a post in a channel is served, as the channel', () => {
  const post = { message_id: 5, date: 1, chat: CHANNEL, sender_chat: CHANNEL, caption: '/split', ...SONG };
  const event = read('channel_post', { ...post, ...commands(post) });
  assert.deepEqual(short(event), ['command', ['split'], 'song']);
});

test('albums of two chats are two', () => {
  const groups = [PRIVATE, GROUP].map((chat) => message({ ...SONG, media_group_id: '9' }, chat));
  assert.equal(new Set(groups.map((event) => event?.kind === 'album-song' && event.groupKey)).size, 2);
});

test('a group that became a supergroup has moved', () => {
  const event = message({ migrate_to_chat_id: -100_5 }, { id: -4, type: 'group', title: 'Band' });
  assert.deepEqual(event, { kind: 'moved', fromChatId: '-4', toChatId: '-1005' });
});

test('a press is by whoever pressed, and knows the song that it is about', () => {
  const BEN = { id: 52, is_bot: false, first_name: 'Ben' };
  const pressed = { message_id: 6, date: 1, from: ME, chat: GROUP, text: 'x', ...reply };
  const event = read('callback_query', {
    id: 'q',
    from: BEN,
    chat_instance: '1',
    data: 'offer:split',
    message: pressed,
  });
  assert.deepEqual(short(event), ['press', null, 'song']);
  assert.ok(event?.kind === 'press' && event.replied?.messageId === 4 && event.requester.userId === '52');
});

test('a press on a message too old to be shown is still a press', () => {
  const message_ = { message_id: 6, date: 0, chat: GROUP };
  const event = read('callback_query', {
    id: 'q',
    from: ADA,
    chat_instance: '1',
    data: 'v1:K7QF2M:retry',
    message: message_,
  });
  assert.ok(event?.kind === 'press' && event.data === 'v1:K7QF2M:retry' && event.replied === null);
});

test('a press without a message, or on a game, is none', () => {
  assert.equal(read('callback_query', { id: 'q', from: ADA, chat_instance: '1', data: 'x' }), null);
  assert.equal(
    read('callback_query', {
      id: 'q',
      from: ADA,
      chat_instance: '1',
      game_short_name: 'x',
      message: reply.reply_to_message,
    }),
    null,
  );
});
