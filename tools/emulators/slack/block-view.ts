/** Blocks as a person sees them, and what of them can be pressed. */
import type { SeenButton } from '../core/conversation.ts';
import { isRecord } from '../core/described.ts';
import { decode } from './mrkdwn.ts';
import type { Read } from './mrkdwn.ts';
import type { Block } from './world.ts';

export interface Pressable {
  readonly label: string;
  readonly blockId: string;
  readonly actionId: string;
  /** `button`, or a menu with this option chosen. */
  readonly element: Readonly<Record<string, unknown>>;
  readonly option: Readonly<Record<string, unknown>> | null;
}

export interface BlocksRead extends Read {
  readonly pressables: readonly Pressable[];
}

export function readBlocks(blocks: readonly Block[], mrkdwn: (source: string) => Read): BlocksRead {
  const lines: string[] = [];
  const pings = new Set<string>();
  const pressables: Pressable[] = [];

  function textOf(value: unknown): string {
    if (!isRecord(value) || typeof value['text'] !== 'string') return '';
    if (value['type'] !== 'mrkdwn') return decode(value['text']);
    const read = mrkdwn(value['text']);
    for (const ping of read.pings) pings.add(ping);
    return read.text;
  }
  function press(blockId: string, value: unknown): void {
    if (!isRecord(value)) return;
    const actionId = String(value['action_id']);
    const options = listOf(value['options']);
    if (value['type'] === 'button') {
      pressables.push({ label: textOf(value['text']), blockId, actionId, element: value, option: null });
    }
    for (const option of options) {
      pressables.push({ label: textOf(option['text']), blockId, actionId, element: value, option });
    }
  }

  for (const block of blocks) {
    const blockId = String(block['block_id']);
    switch (block.type) {
      case 'section':
        lines.push(textOf(block['text']), ...listOf(block['fields']).map(textOf));
        press(blockId, block['accessory']);
        break;
      case 'context':
        lines.push(
          listOf(block['elements'])
            .map((element) => (element['type'] === 'image' ? String(element['alt_text']) : textOf(element)))
            .join(' '),
        );
        break;
      case 'actions':
        for (const element of listOf(block['elements'])) press(blockId, element);
        break;
      case 'header':
        lines.push(textOf(block['text']));
        break;
      case 'image':
        lines.push(textOf(block['title']), String(block['alt_text']));
        break;
      case 'input':
        lines.push(textOf(block['label']));
        break;
      case 'rich_text':
        lines.push(richText(block, mrkdwn, pings));
        break;
      default:
        break;
    }
  }
  return { text: lines.filter((line) => line !== '').join('\n'), pings: [...pings], pressables };
}

export function toButton({ label, actionId, element, option }: Pressable): SeenButton {
  const url = typeof element['url'] === 'string' ? element['url'] : null;
  return { label, customId: actionId, url, ...(option !== null && { menu: menuName(element) }) };
}

/** What stands on it: an overflow menu has three dots, a select its placeholder, or what Slack writes there. */
function menuName({ type, placeholder }: Readonly<Record<string, unknown>>): string {
  if (type === 'overflow') return '⋯';
  return isRecord(placeholder) && typeof placeholder['text'] === 'string'
    ? decode(placeholder['text'])
    : 'Choose an option';
}

/** Ids that the app left out are given by Slack. */
export function withIds(blocks: readonly Block[], nextId: () => string): Block[] {
  return blocks.map((block) => {
    const elements = Array.isArray(block['elements']) && block.type === 'actions' ? block['elements'] : null;
    return {
      ...block,
      block_id: typeof block['block_id'] === 'string' && block['block_id'] !== '' ? block['block_id'] : nextId(),
      ...(elements !== null && { elements: elements.map((element: unknown) => withActionId(element, nextId)) }),
      ...('accessory' in block && { accessory: withActionId(block['accessory'], nextId) }),
      ...('element' in block && { element: withActionId(block['element'], nextId) }),
    };
  });
}

function withActionId(element: unknown, nextId: () => string): unknown {
  const isInteractive = isRecord(element) && element['type'] !== 'image';
  return isInteractive ? { ...element, action_id: element['action_id'] ?? nextId() } : element;
}

function richText(node: Record<string, unknown>, mrkdwn: (source: string) => Read, pings: Set<string>): string {
  const children = listOf(node['elements']);
  if (children.length > 0) {
    const joint = node['type'] === 'rich_text' || node['type'] === 'rich_text_list' ? '\n' : '';
    return children.map((child) => richText(child, mrkdwn, pings)).join(joint);
  }
  const source =
    node['type'] === 'user'
      ? `<@${String(node['user_id'])}>`
      : node['type'] === 'broadcast'
        ? `<!${String(node['range'])}>`
        : null;
  if (source === null)
    return typeof node['text'] === 'string' ? node['text'] : typeof node['url'] === 'string' ? node['url'] : '';
  const read = mrkdwn(source);
  for (const ping of read.pings) pings.add(ping);
  return read.text;
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
