/** A conversation's log as an SVG: what stands in its chats at the end, in the manner of its platform, threads below what they hang on. */
import type { ConversationEvent, SeenMessage } from '../emulators/core/conversation.ts';
import type { ChatEmulator } from '../emulators/core/emulator.ts';
import { CHAT_THEMES, avatarColour, initials } from './chat-theme.ts';
import type { ChatTheme } from './chat-theme.ts';
import { drawMessage, textLine } from './message-picture.ts';
import type { Drawn, MessageHead } from './message-picture.ts';
import { element } from './svg.ts';

export interface ChatPictureOptions {
  readonly platform: ChatEmulator['platform'];
  readonly events: readonly ConversationEvent[];
  /** Names of people and of chats; an id that it does not know is shown as it is. The bot's is `bot`. */
  readonly nameOf: (id: string) => string;
  /** Chats to draw, in order; all, in the order of their first messages, where it is left out. */
  readonly chats?: readonly string[];
  /** IANA name; the times under names are in it. */
  readonly timeZone: string;
}

const WIDTH_PX = 720;
const MARGIN_PX = 18;
const AVATAR_PX = 36;
const THREAD_INDENT_PX = 44;
const TITLE_PX = 40;
const BUBBLE_PADDING_PX = 12;
const FONTS = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";

interface Standing {
  message: SeenMessage;
  readonly atMs: number;
  edits: number;
}

/** @returns a whole SVG document */
export function chatPicture(options: ChatPictureOptions): string {
  const theme = CHAT_THEMES[options.platform];
  const standing = standingMessages(options.events);
  const chats = options.chats ?? [...new Set(standing.map(({ message }) => message.chat))];
  const parts: string[] = [];
  let y = 0;
  const put = (drawn: Drawn): void => {
    parts.push(element('g', { transform: `translate(0 ${String(y)})` }, drawn.svg));
    y += drawn.heightPx;
  };
  for (const chat of chats) {
    put(drawTitle(options.nameOf(chat), theme));
    for (const { entry, isInThread } of inReadingOrder(standing.filter(({ message }) => message.chat === chat))) {
      put(drawEntry(entry, isInThread ? THREAD_INDENT_PX : 0, standing, options, theme));
    }
    y += MARGIN_PX;
  }
  const height = Math.ceil(y);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH_PX,
      height,
      viewBox: `0 0 ${String(WIDTH_PX)} ${String(height)}`,
      'font-family': FONTS,
    },
    [element('rect', { width: WIDTH_PX, height, rx: 10, fill: theme.background }), ...parts].join('\n'),
  )}\n`;
}

function standingMessages(events: readonly ConversationEvent[]): Standing[] {
  const standing = new Map<string, Standing>();
  for (const event of events) {
    if (event.kind === 'deleted') {
      standing.delete(keyOf(event.chat, event.messageId));
    } else if (event.kind !== 'notice') {
      const key = keyOf(event.message.chat, event.message.id);
      const before = standing.get(key);
      if (before === undefined) {
        standing.set(key, { message: event.message, atMs: event.atMs, edits: 0 });
      } else {
        before.message = event.message;
        before.edits += 1;
      }
    }
  }
  return [...standing.values()];
}

function keyOf(chat: string, messageId: string): string {
  return JSON.stringify([chat, messageId]);
}

/** A thread's messages follow the one that it hangs on; those of a topic, which hangs on none, stand where they came. */
function inReadingOrder(entries: readonly Standing[]): { entry: Standing; isInThread: boolean }[] {
  const ids = new Set(entries.map(({ message }) => message.id));
  const hangs = ({ message }: Standing): boolean =>
    message.thread !== null && message.thread !== message.id && ids.has(message.thread);
  return entries
    .filter((entry) => !hangs(entry))
    .flatMap((root) => [
      { entry: root, isInThread: false },
      ...entries
        .filter((entry) => hangs(entry) && entry.message.thread === root.message.id)
        .map((entry) => ({ entry, isInThread: true })),
    ]);
}

function drawTitle(name: string, theme: ChatTheme): Drawn {
  const bar = element('rect', { width: WIDTH_PX, height: TITLE_PX - 8, rx: 10, fill: theme.raised });
  const line = element('rect', { y: TITLE_PX - 9, width: WIDTH_PX, height: 1, fill: theme.line });
  const face = { sizePx: 14, isMono: false, isBold: true };
  return { svg: bar + line + textLine(name, MARGIN_PX, 21, face, theme.text), widthPx: WIDTH_PX, heightPx: TITLE_PX };
}

function drawEntry(
  entry: Standing,
  indentPx: number,
  standing: readonly Standing[],
  options: ChatPictureOptions,
  theme: ChatTheme,
): Drawn {
  const { message } = entry;
  const head = headOf(entry, standing, options);
  const left = MARGIN_PX + indentPx + AVATAR_PX + 12;
  const padding = theme.isBubbles ? BUBBLE_PADDING_PX : 0;
  const drawn = drawMessage(message, head, theme, WIDTH_PX - left - MARGIN_PX - 2 * padding);
  const bodyHeight = Math.max(drawn.heightPx + 2 * padding * 0.75, AVATAR_PX);
  const bubble = theme.isBubbles
    ? element('rect', { x: left, width: drawn.widthPx + 2 * padding, height: bodyHeight, rx: 13, fill: theme.bubble })
    : '';
  const avatarY = theme.isBubbles ? bodyHeight - AVATAR_PX : 0;
  const avatar = element(
    'g',
    { transform: `translate(${String(MARGIN_PX + indentPx)} ${String(avatarY)})` },
    element('rect', {
      width: AVATAR_PX,
      height: AVATAR_PX,
      rx: theme.avatarRadius,
      fill: avatarColour(head.name, head.isBot),
    }) +
      textLine(
        initials(head.name),
        AVATAR_PX / 2,
        23,
        { sizePx: 13, isMono: false, isBold: true },
        '#ffffff',
        'middle',
      ),
  );
  const body = element('g', { transform: `translate(${String(left + padding)} ${String(padding * 0.75)})` }, drawn.svg);
  return {
    svg: [bubble, avatar, body].join('\n'),
    widthPx: WIDTH_PX,
    heightPx: bodyHeight + (theme.isBubbles ? 8 : 14),
  };
}

function headOf(
  { message, atMs, edits }: Standing,
  standing: readonly Standing[],
  options: ChatPictureOptions,
): MessageHead {
  const { nameOf, timeZone } = options;
  const answered = standing.find(
    ({ message: { chat, id } }) => chat === message.chat && id === message.replyTo,
  )?.message;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(atMs);
  return {
    name: nameOf(message.by),
    isBot: message.by === 'bot',
    notes: [
      time,
      ...(edits === 0 ? [] : [edits === 1 ? 'edited' : `edited ${String(edits)} times`]),
      ...(message.onlyFor === null ? [] : [`only ${nameOf(message.onlyFor)} can see this`]),
    ],
    answers: answered === undefined ? null : `${nameOf(answered.by)}: ${firstLine(answered)}`,
  };
}

function firstLine({ text: content, files }: SeenMessage): string {
  const [line = ''] = content.split('\n');
  return line === '' ? files.map(({ name }) => name).join(', ') : line;
}
