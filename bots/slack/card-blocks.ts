import type { Button, KnownBlock } from '@slack/web-api';
import type { Card, CardAction } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { codeText, inertPlain, inertText } from './inert-text.ts';

const HEADER_LIMIT = 150;
const TEXT_LIMIT = 3000;
const BUTTON_LIMIT = 75;
const BUTTONS_IN_BLOCK = 25;
const BAR_CELLS = 16;
const MARKS = { waiting: '·', running: '▸', done: '✓', failed: '✗' } as const;
const LEDS = { queued: '⏳', running: '🎚', done: '✅', refused: '🚫', failed: '⚠️', cancelled: '⏹' } as const;

/** A card as blocks, and the plain text that notifications and screen readers use. */
export function cardBlocks(card: Card): { readonly text: string; readonly blocks: KnownBlock[] } {
  const blocks: KnownBlock[] = [
    {
      type: 'header',
      text: { type: 'plain_text', text: cut(`${LEDS[card.state]} ${inertPlain(card.title)}`, HEADER_LIMIT) },
    },
    { type: 'context', elements: [{ type: 'plain_text', text: `${inertPlain(card.subtitle)} · ${card.code}` }] },
  ];
  const lines = runningLines(card);
  if (lines.length > 0) blocks.push(section(lines.join('\n')));
  if (card.body.length > 0) {
    const body = card.body.join('\n');
    blocks.push(
      section(card.state === 'done' ? `\`\`\`${codeText(body).slice(0, TEXT_LIMIT - 6)}\`\`\`` : inertText(body)),
    );
  }
  const elements = cardButtons(card.actions, card.links);
  if (elements.length > 0) blocks.push({ type: 'actions', elements });
  return { text: plainLine(card), blocks };
}

/** Buttons of an answer or a card. */
export function cardButtons(actions: readonly CardAction[], links: Card['links'] = []): Button[] {
  const buttons = [
    ...links.map(({ label, url }, index): Button => ({ ...named(label), action_id: `link:${String(index)}`, url })),
    ...actions.map(({ id, label, style }): Button => ({
      ...named(label),
      action_id: id,
      value: id,
      ...(style === 'plain' ? {} : { style }),
    })),
  ];
  return buttons.slice(0, BUTTONS_IN_BLOCK);
}

function named(label: string): Pick<Button, 'type' | 'text'> {
  return { type: 'button', text: { type: 'plain_text', text: cut(label, BUTTON_LIMIT), emoji: true } };
}

/** Of text that is ours, or inert already. */
export function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, TEXT_LIMIT), verbatim: true } };
}

function runningLines(card: Card): string[] {
  if (isFinished(card.state)) return [];
  const stages = card.stages.map(({ mark, label }) => `${MARKS[mark]} ${label}`).join('  ');
  const parts = [card.fraction === null ? null : bar(card.fraction), card.estimate].filter((part) => part !== null);
  return [
    stages,
    ...(parts.length === 0 ? [] : [parts.join('   ')]),
    ...card.log.map((line) => `_${inertText(line)}_`),
  ];
}

function plainLine(card: Card): string {
  const what = inertText(`${card.title} · ${card.code}`);
  const told = isFinished(card.state) ? card.body.at(-1) : card.stages.find(({ mark }) => mark === 'running')?.label;
  return told === undefined ? what : `${what}: ${inertText(told)}`;
}

function bar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return `\`${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}\` ${String(Math.floor(fraction * 100))} %`;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
