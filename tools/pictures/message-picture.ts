/** One message as SVG: head, text or card, files, buttons, one below the other. */
import type { SeenButton, SeenFile, SeenMessage } from '../emulators/core/conversation.ts';
import { seenMenus } from '../emulators/core/seen-menus.ts';
import type { ChatTheme } from './chat-theme.ts';
import { element, escapeXml } from './svg.ts';
import { breakLines, cutText, textWidth } from './text-width.ts';
import type { Face } from './text-width.ts';

const BODY: Face = { sizePx: 14, isMono: false, isBold: false };
const NAME: Face = { ...BODY, isBold: true };
const SMALL: Face = { sizePx: 11.5, isMono: false, isBold: false };
const CARD: Face = { sizePx: 12, isMono: true, isBold: false };
const LINE_PX = 20;
const CARD_LINE_PX = 18;
const FILE_PX = 46;
const BUTTON_PX = 30;
const GAP_PX = 6;
/** Heights of a waveform's bars, as its sign: the log has no sound. */
const WAVE = [4, 9, 14, 8, 17, 20, 12, 7, 15, 19, 11, 5, 10, 16, 9, 4];

/** What is drawn from (0, 0) down and to the right; px. */
export interface Drawn {
  readonly svg: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface MessageHead {
  readonly name: string;
  readonly isBot: boolean;
  /** Local time, and what else is worth saying: `08:15`, `edited 3 times`. */
  readonly notes: readonly string[];
  /** The message that it answers, in a line; null where it answers none. */
  readonly answers: string | null;
}

export function drawMessage(message: SeenMessage, head: MessageHead, theme: ChatTheme, maxWidthPx: number): Drawn {
  const parts: Drawn[] = [drawHead(head, theme, maxWidthPx)];
  if (head.answers !== null) parts.push(drawAnswered(head.answers, theme, maxWidthPx));
  if (message.text !== '') {
    parts.push(
      isCard(message.text) ? drawCard(message.text, theme, maxWidthPx) : drawText(message.text, theme, maxWidthPx),
    );
  }
  parts.push(...message.files.map((file) => drawFile(file, theme, Math.min(460, maxWidthPx))));
  if (message.buttons.length > 0) parts.push(drawButtons(message.buttons, theme, maxWidthPx));
  let y = 0;
  const placed = parts.map((part) => {
    const group = element('g', { transform: `translate(0 ${String(y)})` }, part.svg);
    y += part.heightPx + GAP_PX;
    return group;
  });
  return {
    svg: placed.join('\n'),
    widthPx: Math.max(...parts.map(({ widthPx }) => widthPx)),
    heightPx: y - GAP_PX,
  };
}

/** Bars and columns keep their places only in letters of one width. */
function isCard(text: string): boolean {
  return /[█░▓▒▰▱]|\S {3,}\S/u.test(text);
}

function drawHead({ name, isBot, notes }: MessageHead, theme: ChatTheme, maxWidthPx: number): Drawn {
  const parts = [textLine(name, 0, 13, NAME, theme.text)];
  let x = textWidth(name, NAME) + 7;
  if (isBot) {
    parts.push(
      element('rect', { x, y: 2, width: 30, height: 14, rx: 3, fill: theme.accent }),
      textLine('APP', x + 15, 12.5, { ...SMALL, sizePx: 9.5, isBold: true }, '#ffffff', 'middle'),
    );
    x += 37;
  }
  const said = cutText(notes.join(' · '), SMALL, maxWidthPx - x);
  parts.push(textLine(said, x, 13, SMALL, theme.quiet));
  return { svg: parts.join(''), widthPx: x + textWidth(said, SMALL), heightPx: 17 };
}

function drawAnswered(answers: string, theme: ChatTheme, maxWidthPx: number): Drawn {
  const said = cutText(answers, SMALL, maxWidthPx - 12);
  return {
    svg: element('rect', { width: 3, height: 16, fill: theme.accent }) + textLine(said, 10, 12, SMALL, theme.quiet),
    widthPx: 10 + textWidth(said, SMALL),
    heightPx: 16,
  };
}

function drawText(content: string, theme: ChatTheme, maxWidthPx: number): Drawn {
  const lines = breakLines(content, BODY, maxWidthPx);
  return {
    svg: lines.map((line, index) => textLine(line, 0, index * LINE_PX + 14, BODY, theme.text)).join('\n'),
    widthPx: Math.max(...lines.map((line) => textWidth(line, BODY))),
    heightPx: lines.length * LINE_PX,
  };
}

function drawCard(content: string, theme: ChatTheme, maxWidthPx: number): Drawn {
  const lines = breakLines(content, CARD, maxWidthPx - 28);
  const widthPx = Math.max(...lines.map((line) => textWidth(line, CARD))) + 28;
  const heightPx = lines.length * CARD_LINE_PX + 14;
  const box = element('rect', { width: widthPx, height: heightPx, rx: 6, fill: theme.raised, stroke: theme.line });
  const edge = element('rect', { width: 4, height: heightPx, rx: 2, fill: theme.accent });
  const written = lines.map((line, index) => textLine(line, 16, index * CARD_LINE_PX + 20, CARD, theme.text));
  return { svg: [box, edge, ...written].join('\n'), widthPx, heightPx };
}

function drawFile(file: SeenFile, theme: ChatTheme, widthPx: number): Drawn {
  const isHeard = file.shownAs === 'audio' || file.shownAs === 'voice';
  const size = sizeText(file.bytes);
  const right = widthPx - 12 - textWidth(size, SMALL);
  const wave = isHeard ? WAVE.length * 5 : 0;
  const name = cutText(file.name, BODY, right - 58 - wave);
  const sign = isHeard
    ? element('path', { d: 'M19 16 L30 23 L19 30 Z', fill: '#ffffff' })
    : textLine('▤', 23, 28, { ...BODY, sizePx: 15 }, '#ffffff', 'middle');
  const bars = isHeard
    ? WAVE.map((bar, index) =>
        element('rect', {
          x: right - 12 - wave + index * 5,
          y: 23 - bar / 2,
          width: 3,
          height: bar,
          rx: 1.5,
          fill: theme.quiet,
        }),
      )
    : [];
  return {
    svg: [
      element('rect', { width: widthPx, height: FILE_PX, rx: 8, fill: theme.raised, stroke: theme.line }),
      element('circle', { cx: 23, cy: 23, r: 14, fill: theme.accent }),
      sign,
      textLine(name, 46, 28, BODY, theme.link),
      ...bars,
      textLine(size, right, 27, SMALL, theme.quiet),
    ].join(''),
    widthPx,
    heightPx: FILE_PX,
  };
}

function drawButtons(buttons: readonly SeenButton[], theme: ChatTheme, maxWidthPx: number): Drawn {
  const parts: string[] = [];
  let [x, y, widest] = [0, 0, 0];
  for (const one of seenMenus(buttons)) {
    const shown = 'entries' in one ? `${one.menu} ▾` : one.url === null ? one.label : `${one.label} ↗`;
    const said = cutText(shown, BODY, maxWidthPx - 28);
    const width = textWidth(said, BODY) + 28;
    if (x > 0 && x + width > maxWidthPx) [x, y] = [0, y + BUTTON_PX + GAP_PX];
    const stroke = theme.button === '#ffffff' ? theme.line : undefined;
    parts.push(
      element('rect', { x, y, width, height: BUTTON_PX, rx: 7, fill: theme.button, stroke }),
      textLine(said, x + width / 2, y + 20, BODY, theme.buttonText, 'middle'),
    );
    x += width + 8;
    widest = Math.max(widest, x - 8);
  }
  return { svg: parts.join(''), widthPx: widest, heightPx: y + BUTTON_PX };
}

/** @param y of the baseline, px */
export function textLine(content: string, x: number, y: number, face: Face, fill: string, anchor?: 'middle'): string {
  return element(
    'text',
    {
      x,
      y,
      fill,
      'font-size': face.sizePx,
      'font-weight': face.isBold ? 600 : undefined,
      'font-family': face.isMono ? "ui-monospace, 'DejaVu Sans Mono', Menlo, monospace" : undefined,
      'text-anchor': anchor,
      'xml:space': 'preserve',
    },
    escapeXml(content),
  );
}

function sizeText(bytes: number): string {
  return bytes < 1024 * 1024
    ? `${String(Math.max(1, Math.round(bytes / 1024)))} kB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
