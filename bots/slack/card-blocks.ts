import type { Button, KnownBlock, StaticSelect } from '@slack/web-api';
import type { Card, CardAction, CardChoice } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { codeText, cut, heading, inertText, plainSection, plainSections, plainText } from './inert-text.ts';

const TEXT_LIMIT = 3000;
/** Of what notifications show. */
const NOTICE_LIMIT = 1000;
const BUTTON_LIMIT = 75;
const BUTTONS_IN_BLOCK = 25;
const PLACEHOLDER_LIMIT = 150;
const OPTION_LIMIT = 75;
const OPTIONS_IN_MENU = 100;
const BAR_CELLS = 16;
const MARKS = { waiting: '·', running: '▸', done: '✓', failed: '✗' } as const;
const LEDS = { queued: '⏳', running: '🎚', done: '✅', refused: '🚫', failed: '⚠️', cancelled: '⏹' } as const;

/** A card as blocks, and the plain text that notifications and screen readers use. */
export function cardBlocks(card: Card): { readonly text: string; readonly blocks: KnownBlock[] } {
  const { title, subtitle, code, body, state, actions, links, choices } = card;
  const blocks: KnownBlock[] = [
    heading(`${LEDS[state]} ${title}`),
    { type: 'context', elements: [plainText(`${subtitle} · ${code}`)] },
    ...(isFinished(state) ? [] : runningBlocks(card)),
  ];
  if (body.length > 0) blocks.push(...(state === 'done' ? [table(body)] : plainSections(body)));
  const elements = cardButtons(actions, links);
  if (elements.length > 0) blocks.push({ type: 'actions', elements });
  if (choices.length > 0) blocks.push({ type: 'actions', elements: choices.map(menu) });
  return { text: cut(plainLine(card), NOTICE_LIMIT), blocks };
}

/** Lines with buttons under them. */
export function answerBlocks(
  lines: readonly string[],
  actions: readonly CardAction[],
  links: Card['links'] = [],
): { readonly text: string; readonly blocks: KnownBlock[] } {
  const elements = cardButtons(actions, links);
  return {
    text: cut(inertText(lines.join('\n')), NOTICE_LIMIT),
    blocks: [...plainSections(lines), ...(elements.length === 0 ? [] : [{ type: 'actions' as const, elements }])],
  };
}

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

function menu({ id, label, options }: CardChoice): StaticSelect {
  return {
    type: 'static_select',
    action_id: id,
    placeholder: plainText(label, PLACEHOLDER_LIMIT),
    options: options.slice(0, OPTIONS_IN_MENU).map((option) => ({
      text: plainText(option.label, OPTION_LIMIT),
      value: option.id,
    })),
  };
}

function named(label: string): Pick<Button, 'type' | 'text'> {
  return { type: 'button', text: plainText(label, BUTTON_LIMIT) };
}

/** In a code block columns stand under each other. */
function table(lines: readonly string[]): KnownBlock {
  const code = codeText(lines.join('\n'))
    .slice(0, TEXT_LIMIT - 6)
    .replace(/[\uD800-\uDBFF]$/u, '');
  return { type: 'section', text: { type: 'mrkdwn', text: `\`\`\`${code}\`\`\``, verbatim: true } };
}

function runningBlocks({ stages, fraction, estimate, log }: Card): KnownBlock[] {
  const walk = stages.map(({ mark, label }) => `${MARKS[mark]} ${label}`).join('  ');
  const rest = [fraction === null ? null : bar(fraction), estimate].filter((part) => part !== null).join('   ');
  const lines: KnownBlock[] = log.length === 0 ? [] : [{ type: 'context', elements: [plainText(log.join('\n'))] }];
  return [plainSection(rest === '' ? walk : `${walk}\n${rest}`), ...lines];
}

function plainLine(card: Card): string {
  const what = inertText(`${card.title} · ${card.code}`);
  const told = isFinished(card.state) ? card.body.at(-1) : card.stages.find(({ mark }) => mark === 'running')?.label;
  return told === undefined ? what : `${what}: ${inertText(told)}`;
}

function bar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${String(Math.floor(fraction * 100))} %`;
}
