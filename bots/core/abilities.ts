import type { Platform } from '../../workflows/contract/request.ts';
import { CONSOLE_STYLE, JAM_STYLE, SLASH_STYLE } from './command-style.ts';
import type { CommandStyle } from './command-style.ts';

/** What a musician can do beside commands; each platform says how, or null where it cannot be done there. */
export const ABILITIES = {
  'song-with-command': 'a song with the command',
  'song-by-menu': 'a song that is in the chat already',
  'song-alone': 'a song without any command',
  'several-songs': 'several songs at once',
  link: 'a link',
  thread: 'threads',
  'join-link': 'a link that brings another chat into the band',
  buttons: 'cancel and retry by a button',
  menus: 'one stem alone, or all but it, from a finished card’s menu',
  suggestions: 'suggestions while typing',
  results: 'where results come',
  'ready-ping': 'a ping when a long job is ready',
  preview: 'a taste of the result to listen to',
  album: 'the stems as one album to play and pass on',
  words: 'one’s own words of a song',
  'own-eyes': 'answers that nobody else sees',
  linking: 'one’s own page to sign in on',
  home: 'a page of jobs',
} as const;
export type Ability = keyof typeof ABILITIES;

export interface PlatformAbilities {
  readonly name: string;
  readonly style: CommandStyle;
  readonly abilities: Readonly<Record<Ability, string | null>>;
}

/** The one place that says what works where; the README's table is made of it. */
export const PLATFORM_ABILITIES: Readonly<Record<Platform, PlatformAbilities>> = {
  discord: {
    name: 'Discord',
    style: SLASH_STYLE,
    abilities: {
      'song-with-command': 'attach it to `/split`, `/analyze`, `/chords`, `/lyrics` or `/tab`',
      'song-by-menu': 'right-click a message, *Apps*, then *Split stems*, *Make a tab* and the like',
      'song-alone': 'send it with a mention of the bot, or in private',
      'several-songs': 'up to 10 files of a message',
      link: '`/split song:LINK`',
      thread: 'threads and forum posts',
      'join-link': null,
      buttons: 'yes',
      menus: 'yes',
      suggestions: 'strategies, stems, tunings, jobs',
      results: 'in the card, more in messages beside it',
      'ready-ping': 'yes',
      preview: 'a voice message',
      album: null,
      words: 'a text file with `/lyrics`, or in its `words`',
      'own-eyes': 'yes',
      linking: 'answers and the card’s button',
      home: null,
    },
  },
  slack: {
    name: 'Slack',
    style: JAM_STYLE,
    abilities: {
      'song-with-command': null,
      'song-by-menu': 'a message’s *More actions*, then *Split stems*, *Make a tab* and the like',
      'song-alone': 'send it with a mention of the bot, or in private',
      'several-songs': 'up to 10 files of a message',
      link: '`/jam split LINK`',
      thread: 'results in the card’s thread; shortcuts work in threads',
      'join-link': null,
      buttons: 'yes',
      menus: 'yes',
      suggestions: null,
      results: 'files in the card’s thread, linked in the card',
      'ready-ping': 'yes',
      preview: null,
      album: null,
      words: 'behind `/jam lyrics LINK`, line by line',
      'own-eyes': 'yes',
      linking: 'answers and the card’s button',
      home: 'the app’s Home tab',
    },
  },
  telegram: {
    name: 'Telegram',
    style: SLASH_STYLE,
    abilities: {
      'song-with-command': '`/split`, `/analyze`, `/chords`, `/lyrics` or `/tab` as its caption',
      'song-by-menu': 'reply to it with such a command',
      'song-alone': 'send it in private, then press *Split stems*, *Make a tab* and the like',
      'several-songs': 'an album of up to 10',
      link: '`/split LINK`',
      thread: 'topics',
      'join-link': 'beside the code',
      buttons: 'yes',
      menus: null,
      suggestions: null,
      results: 'each sound in a message of its own, in the music player; documents together',
      'ready-ping': 'yes',
      preview: null,
      album: '*As album* on the finished card',
      words: 'behind `/lyrics`, line by line, or in the message that it replies to',
      'own-eyes': null,
      linking: 'answers in private; a group’s buttons lead there',
      home: null,
    },
  },
  console: {
    name: 'Console',
    style: CONSOLE_STYLE,
    abilities: {
      'song-with-command': '`/split song.mp3`, `/tab song.mp3` and the like',
      'song-by-menu': null,
      'song-alone': 'drop it on the terminal',
      'several-songs': null,
      link: 'type it',
      thread: 'a folder each',
      'join-link': null,
      buttons: null,
      menus: null,
      suggestions: null,
      results: 'in a folder',
      'ready-ping': null,
      preview: null,
      album: null,
      words: '`/lyrics song.mp3 --words words.txt`',
      'own-eyes': 'always',
      linking: '`/jam link`; no account is needed',
      home: null,
    },
  },
};
