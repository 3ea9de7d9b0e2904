/** The platforms' looks, as far as a picture needs them. */
import type { ChatEmulator } from '../emulators/core/emulator.ts';

export interface ChatTheme {
  readonly isBubbles: boolean;
  readonly background: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  /** Behind cards and files. */
  readonly raised: string;
  readonly accent: string;
  readonly link: string;
  readonly button: string;
  readonly buttonText: string;
  readonly bubble: string;
  /** Corner radius of a 36 px avatar, in px. */
  readonly avatarRadius: number;
}

export const CHAT_THEMES: Readonly<Record<ChatEmulator['platform'], ChatTheme>> = {
  discord: {
    isBubbles: false,
    background: '#313338',
    text: '#dbdee1',
    quiet: '#949ba4',
    line: '#3f4147',
    raised: '#2b2d31',
    accent: '#5865f2',
    link: '#00a8fc',
    button: '#4e5058',
    buttonText: '#ffffff',
    bubble: 'none',
    avatarRadius: 18,
  },
  slack: {
    isBubbles: false,
    background: '#ffffff',
    text: '#1d1c1d',
    quiet: '#696769',
    line: '#dddddd',
    raised: '#f8f8f8',
    accent: '#007a5a',
    link: '#1264a3',
    button: '#ffffff',
    buttonText: '#1d1c1d',
    bubble: 'none',
    avatarRadius: 7,
  },
  telegram: {
    isBubbles: true,
    background: '#d5e3c8',
    text: '#0f1419',
    quiet: '#6c7883',
    line: '#dfe3e6',
    raised: '#eff6fd',
    accent: '#3390ec',
    link: '#1f78d1',
    button: '#e4f1fd',
    buttonText: '#1b6fc0',
    bubble: '#ffffff',
    avatarRadius: 18,
  },
};

const AVATAR_COLOURS = ['#5865f2', '#d05a3f', '#2f9e6e', '#a855c7', '#b8860b', '#2b8ab8', '#c94f7c', '#6b7f2a'];
const BOT_COLOUR = '#8a5a2b';

/** The same for the same name. */
export function avatarColour(name: string, isBot: boolean): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8191;
  return isBot ? BOT_COLOUR : (AVATAR_COLOURS[sum % AVATAR_COLOURS.length] ?? BOT_COLOUR);
}

export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '');
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
}
