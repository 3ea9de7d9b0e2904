/** Block Kit as far as the bot uses it, with the limits of https://docs.slack.dev/reference/block-kit/blocks. */
import { z } from 'zod';
import type { ZodType } from 'zod';

/** @param most characters */
const plainText = (most: number): ZodType =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() });
const anyText = (most: number): ZodType =>
  z.union([
    plainText(most),
    z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.boolean().optional() }),
  ]);

const actionId = z.string().max(255);
const blockId = { block_id: z.string().max(255).optional() };
const confirm = z
  .strictObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
    style: z.enum(['primary', 'danger']).optional(),
  })
  .optional();

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId.optional(),
  url: z.string().max(3000).optional(),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
});
const option = z.strictObject({
  text: anyText(75),
  value: z.string().max(150),
  description: plainText(75).optional(),
});
const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  action_id: actionId.optional(),
  options: z.array(option).min(1).max(100),
  initial_option: option.optional(),
  placeholder: plainText(150).optional(),
  confirm,
  focus_on_load: z.boolean().optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId.optional(),
  options: z
    .array(option.extend({ url: z.string().max(3000).optional() }))
    .min(1)
    .max(5),
  confirm,
});
const image = z.strictObject({
  type: z.literal('image'),
  image_url: z.string().max(3000),
  alt_text: z.string().max(2000),
});
const element = z.discriminatedUnion('type', [button, staticSelect, overflow]);

const block = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: z.union([element, image]).optional(),
    expand: z.boolean().optional(),
    ...blockId,
  }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(element).min(1).max(25), ...blockId }),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([anyText(3000), image]))
      .min(1)
      .max(10),
    ...blockId,
  }),
  z.strictObject({ type: z.literal('divider'), ...blockId }),
  z.strictObject({ type: z.literal('header'), text: plainText(150), ...blockId }),
  image.extend({ title: plainText(2000).optional(), ...blockId }),
  z.strictObject({ type: z.literal('rich_text'), elements: z.array(z.looseObject({ type: z.string() })), ...blockId }),
]);

/** @param most 50 in a message, 100 in a view */
export function blocks(most: number): ZodType {
  return z.array(block).max(most);
}

export const homeView: ZodType = z.strictObject({
  type: z.literal('home'),
  blocks: blocks(100),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().optional(),
});

const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id: actionId.optional(),
    initial_value: z.string().max(3000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
    placeholder: plainText(150).optional(),
    focus_on_load: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('file_input'),
    action_id: actionId.optional(),
    filetypes: z.array(z.string()).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
]);
const input = z.strictObject({
  type: z.literal('input'),
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  ...blockId,
});

export const modalView: ZodType = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  blocks: z.array(z.union([block, input])).max(100),
  close: plainText(24).optional(),
  submit: plainText(24).optional(),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  external_id: z.string().max(255).optional(),
});
