/** Refuses blocks and views as Slack does, saying where. */
import type { ZodError, ZodType } from 'zod';
import { isRecord } from '../core/described.ts';
import { blocks as blocksOf, homeView, modalView } from './block-kit.ts';
import { SlackError } from './slack-error.ts';
import type { Block } from './world.ts';

const MOST_IN_MESSAGE = 50;
const messageBlocks = blocksOf(MOST_IN_MESSAGE);

/** @throws SlackError `invalid_blocks_format`, `invalid_blocks` */
export function checkBlocks(value: unknown): readonly Block[] {
  if (!Array.isArray(value)) throw new SlackError('invalid_blocks_format');
  const errors = [...schemaErrors(messageBlocks, value, '/blocks'), ...repeatedIds(value)];
  if (errors.length > 0) {
    throw new SlackError('invalid_blocks', { errors, response_metadata: { messages: errors } });
  }
  return value as Block[];
}

export interface CheckedView extends Readonly<Record<string, unknown>> {
  readonly type: 'home' | 'modal';
  readonly blocks: readonly Block[];
}

/** @throws SlackError `invalid_arguments` */
export function checkView(value: unknown, type: CheckedView['type']): CheckedView {
  const blocks = isRecord(value) && Array.isArray(value['blocks']) ? value['blocks'] : [];
  const errors = [...schemaErrors(type === 'home' ? homeView : modalView, value, '/view'), ...repeatedIds(blocks)];
  if (type === 'modal' && isRecord(value) && value['submit'] === undefined && blocks.some(isInput)) {
    errors.push('[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks]');
  }
  if (errors.length > 0) throw new SlackError('invalid_arguments', { response_metadata: { messages: errors } });
  if (JSON.stringify(value).length > 250_000) throw new SlackError('view_too_large');
  return value as CheckedView;
}

function schemaErrors(schema: ZodType, value: unknown, pointer: string): string[] {
  const result = schema.safeParse(value);
  return result.success ? [] : describe(result.error, pointer);
}

function describe(error: ZodError, pointer: string): string[] {
  return error.issues.map(
    ({ message, path }) => `[ERROR] ${message} [json-pointer:${[pointer, ...path.map(String)].join('/')}]`,
  );
}

function repeatedIds(blocks: readonly unknown[]): string[] {
  const blockIds = blocks.flatMap((block) => (isRecord(block) ? [block['block_id']] : []));
  const repeated = firstRepeated(blockIds);
  const found = repeated === null ? [] : [`[ERROR] block_id must be unique: ${repeated} [json-pointer:/blocks]`];
  for (const [index, block] of blocks.entries()) {
    const elements = isRecord(block) && Array.isArray(block['elements']) ? block['elements'] : [];
    const actionId = firstRepeated(elements.map((element) => (isRecord(element) ? element['action_id'] : undefined)));
    if (actionId !== null) {
      found.push(`[ERROR] action_id must be unique: ${actionId} [json-pointer:/blocks/${String(index)}/elements]`);
    }
  }
  return found;
}

function firstRepeated(ids: readonly unknown[]): string | null {
  const seen = new Set<unknown>();
  for (const id of ids) {
    if (typeof id !== 'string' || id === '') continue;
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return null;
}

function isInput(block: unknown): boolean {
  return isRecord(block) && block['type'] === 'input';
}
