import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import type { Card } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { writeText } from './formatted-text.ts';
import type { FormattedText } from './formatted-text.ts';

/** Telegram's own limits, in UTF-16 units after entities. */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

const BAR_CELLS = 12;
/** About what a phone shows beside each other. */
const ROW_LETTERS = 40;
const MOST_IN_ROW = 4;
const MARKS = { waiting: '·', running: '▸', done: '✓', failed: '✗' } as const;
const LEDS = { queued: '⏳', running: '🎚', done: '✅', refused: '🚫', failed: '⚠️', cancelled: '⏹' } as const;

/** A card as a message, or as a picture's caption. */
export function cardText(card: Card, limit: number): FormattedText {
  const text = writeText();
  text.plain(`${LEDS[card.state]} `).bold((bold) => void bold.inert(card.title));
  text.plain('\n').inert(card.subtitle).plain(` · ${card.code}\n`);
  if (card.state === 'queued' || card.state === 'running') {
    text.plain(`${card.stages.map(({ mark, label }) => `${MARKS[mark]} ${label}`).join('  ')}\n`);
  }
  if (!isFinished(card.state)) {
    const bar = card.fraction === null ? null : progressBar(card.fraction);
    const parts = [bar, card.estimate].filter((part) => part !== null);
    if (parts.length > 0) text.inert(parts.join('   ')).plain('\n');
    for (const line of card.log) text.inert(line).plain('\n');
  }
  if (card.body.length > 0) {
    if (card.state === 'done') text.table(card.body.map((line) => line.trimEnd()).join('\n'));
    else text.inert(card.body.join('\n'));
  }
  return text.end(limit);
}

/** Buttons in rows, as many in each as a phone shows whole; undefined where there is nothing to press. */
export function cardKeyboard({ actions, links }: Card): InlineKeyboardMarkup | undefined {
  const buttons: InlineKeyboardButton[] = [
    ...links.map(({ label, url }) => ({ text: label, url })),
    ...actions.map(({ id, label }) => ({ text: label, callback_data: id })),
  ];
  if (buttons.length === 0) return undefined;
  return { inline_keyboard: keyboardRows(buttons) };
}

/** Buttons of a row are of one width, and cut where their label is longer. */
export function keyboardRows(buttons: readonly InlineKeyboardButton[]): InlineKeyboardButton[][] {
  const rows: InlineKeyboardButton[][] = [];
  for (const button of buttons) {
    const row = rows.at(-1);
    const longest = Math.max(button.text.length, ...(row ?? []).map(({ text }) => text.length));
    if (row !== undefined && row.length < MOST_IN_ROW && longest * (row.length + 1) <= ROW_LETTERS) row.push(button);
    else rows.push([button]);
  }
  return rows;
}

function progressBar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return `${'▰'.repeat(full)}${'▱'.repeat(BAR_CELLS - full)} ${String(Math.floor(fraction * 100))} %`;
}
