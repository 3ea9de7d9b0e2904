import { ButtonStyle, ComponentType } from 'discord.js';
import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
  APIStringSelectComponent,
  RESTPostAPIChannelMessageJSONBody,
} from 'discord.js';
import type { Card, CardAction, CardChoice } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { codeText, inertText } from './inert-text.ts';

const TITLE_LIMIT = 256;
const DESCRIPTION_LIMIT = 4096;
const LABEL_LIMIT = 80;
const BUTTONS_IN_ROW = 5;
const PLACEHOLDER_LIMIT = 150;
const OPTION_LIMIT = 100;
const OPTIONS_IN_MENU = 25;
const ROWS = 5;
const BAR_CELLS = 16;
const MARKS = { waiting: '·', running: '▸', done: '✓', failed: '✗' } as const;
const COLOURS = {
  queued: 0x9a_a0_a6,
  running: 0x4c_8b_f5,
  done: 0x34_a8_53,
  refused: 0xf2_99_00,
  failed: 0xd9_30_25,
  cancelled: 0x9a_a0_a6,
} as const;

/** What of a card stands in a message: posted once, edited ever after. Never pings anybody. */
export type CardMessage = Pick<RESTPostAPIChannelMessageJSONBody, 'embeds' | 'components' | 'allowed_mentions'>;

/** @param deliveryMark see `delivery-mark.ts` */
export function cardMessage(card: Card, deliveryMark = ''): CardMessage {
  return { embeds: [cardEmbed(card, deliveryMark)], components: cardRows(card), allowed_mentions: { parse: [] } };
}

function cardEmbed(card: Card, deliveryMark: string): APIEmbed {
  const lines = [`-# ${deliveryMark}${inertText(card.subtitle)} · ${card.code}`];
  if (card.state === 'queued' || card.state === 'running') {
    lines.push(card.stages.map(({ mark, label }) => `${MARKS[mark]} ${label}`).join('  '));
  }
  if (!isFinished(card.state)) {
    const estimate = card.estimate === null ? null : inertText(card.estimate);
    const parts = [card.fraction === null ? null : bar(card.fraction), estimate].filter((part) => part !== null);
    if (parts.length > 0) lines.push(parts.join('   '));
    lines.push(...card.log.map((line) => `-# ${inertText(line)}`));
  }
  if (card.body.length > 0) {
    lines.push(
      card.state === 'done' ? `\`\`\`\n${codeText(card.body.join('\n'))}\n\`\`\`` : card.body.map(inertText).join('\n'),
    );
  }
  return {
    title: cut(inertText(card.title), TITLE_LIMIT),
    description: cut(lines.join('\n'), DESCRIPTION_LIMIT),
    color: COLOURS[card.state],
  };
}

function bar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return `\`${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}\` ${String(Math.floor(fraction * 100))} %`;
}

/** What a menu offers can be typed, what stands behind links is nowhere else: menus come where there is a row left. */
function cardRows({ actions, links, choices }: Card): APIActionRowComponent<APIComponentInMessageActionRow>[] {
  return [...buttonRows(actions, links), ...choices.map(menuRow)].slice(0, ROWS);
}

function menuRow({ id, label, options }: CardChoice): APIActionRowComponent<APIComponentInMessageActionRow> {
  const menu: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: id,
    placeholder: cut(label, PLACEHOLDER_LIMIT),
    options: options.slice(0, OPTIONS_IN_MENU).map((option) => ({
      label: cut(option.label, OPTION_LIMIT),
      value: option.id,
    })),
  };
  return { type: ComponentType.ActionRow, components: [menu] };
}

/** Rows of five, and five of them, are all that a message holds. */
export function buttonRows(
  actions: readonly CardAction[],
  links: Card['links'] = [],
): APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const buttons: APIButtonComponent[] = [
    ...links.map(({ label, url }): APIButtonComponent => ({
      type: ComponentType.Button,
      style: ButtonStyle.Link,
      label: cut(label, LABEL_LIMIT),
      url,
    })),
    ...actions.map(({ id, label, style }): APIButtonComponent => ({
      type: ComponentType.Button,
      style: STYLES[style],
      label: cut(label, LABEL_LIMIT),
      custom_id: id,
    })),
  ];
  const rows: APIActionRowComponent<APIComponentInMessageActionRow>[] = [];
  for (let at = 0; at < buttons.length && rows.length < ROWS; at += BUTTONS_IN_ROW) {
    rows.push({ type: ComponentType.ActionRow, components: buttons.slice(at, at + BUTTONS_IN_ROW) });
  }
  return rows;
}

const STYLES = {
  plain: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
  primary: ButtonStyle.Primary,
} as const;

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF\\]$/u, '')}…`;
}
