/** What may stand in a message's `components`: https://docs.discord.com/developers/components/reference */
import { z } from 'zod';

export const COMPONENT_TYPES = {
  row: 1,
  button: 2,
  textMenu: 3,
  textInput: 4,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
} as const;

/** In a message, nested ones counted. */
export const MOST_COMPONENTS = 40;
export const customId = z.string().min(1).max(100);
const snowflake = z.union([z.string().regex(/^\d{1,20}$/u), z.int().nonnegative()]);
/** The bot's own number of a component; Discord gives numbers to those that have none. */
export const componentNumber = { id: z.int().nonnegative().nullish() };

const LINK_STYLE = 5;
const button = z
  .object({
    type: z.literal(COMPONENT_TYPES.button),
    ...componentNumber,
    style: z.int().min(1).max(5),
    label: z.string().max(80).nullish(),
    emoji: z.object({ name: z.string().nullish(), id: snowflake.nullish() }).nullish(),
    custom_id: customId.nullish(),
    url: z
      .string()
      .max(512)
      .regex(/^(?:https?|discord):\/\/\S+$/u, 'Not a well formed URL.')
      .nullish(),
    disabled: z.boolean().nullish(),
  })
  .superRefine(({ style, label, emoji, custom_id: id, url }, context) => {
    const complain = (path: string, message: string, code: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, params: { code } });
    const isLink = style === LINK_STYLE;
    if (isLink && url == null) complain('url', 'A url is required', 'BASE_TYPE_REQUIRED');
    if (!isLink && id == null) complain('custom_id', 'A custom id is required', 'BASE_TYPE_REQUIRED');
    if (isLink ? id != null : url != null) {
      complain(
        'custom_id',
        'A custom id and url cannot both be specified',
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
      );
    }
    if ((label ?? '') === '' && emoji == null)
      complain('label', 'A button has a label or an emoji', 'BASE_TYPE_REQUIRED');
  });

export const textMenu = z.object({
  type: z.literal(COMPONENT_TYPES.textMenu),
  ...componentNumber,
  custom_id: customId,
  options: z
    .array(
      z.object({
        label: z.string().min(1).max(100),
        value: z.string().min(1).max(100),
        description: z.string().max(100).nullish(),
      }),
    )
    .min(1)
    .max(25),
  placeholder: z.string().max(150).nullish(),
  min_values: z.int().min(0).max(25).nullish(),
  max_values: z.int().min(1).max(25).nullish(),
  disabled: z.boolean().nullish(),
});

const row = z
  .object({
    type: z.literal(COMPONENT_TYPES.row),
    ...componentNumber,
    components: z
      .array(z.discriminatedUnion('type', [button, textMenu]))
      .min(1)
      .max(5),
  })
  .superRefine(({ components: inside }, context) => {
    const menus = inside.filter((one) => one.type === COMPONENT_TYPES.textMenu);
    if (menus.length > 0 && inside.length > 1) {
      context.addIssue({ code: 'custom', path: ['components'], message: 'A menu has its row to itself.' });
    }
    for (const { options } of menus) {
      const values = options.map(({ value }) => value);
      const again = values.findIndex((value, index) => values.indexOf(value) < index);
      if (again < 0) continue;
      context.addIssue({
        code: 'custom',
        path: ['components', 0, 'options', again, 'value'],
        message: 'The specified option value is already used',
        params: { code: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED' },
      });
    }
  });

export const textDisplay = z.object({
  type: z.literal(COMPONENT_TYPES.text),
  ...componentNumber,
  content: z.string().min(1).max(4000),
});

const media = z.object({
  url: z
    .string()
    .max(2048)
    .regex(/^(?:https?|attachment):\/\/\S+$/u, 'Not a well formed URL.'),
});
const shown = { description: z.string().min(1).max(1024).nullish(), spoiler: z.boolean().nullish() };

const thumbnail = z.object({ type: z.literal(COMPONENT_TYPES.thumbnail), ...componentNumber, ...shown, media });
const gallery = z.object({
  type: z.literal(COMPONENT_TYPES.gallery),
  ...componentNumber,
  items: z
    .array(z.object({ ...shown, media }))
    .min(1)
    .max(10),
});
const file = z.object({
  type: z.literal(COMPONENT_TYPES.file),
  ...componentNumber,
  file: z.object({
    url: z
      .string()
      .max(2048)
      .regex(/^attachment:\/\/\S+$/u, 'Only an attachment of the message can be shown.'),
  }),
  spoiler: z.boolean().nullish(),
});
const separator = z.object({
  type: z.literal(COMPONENT_TYPES.separator),
  ...componentNumber,
  divider: z.boolean().nullish(),
  spacing: z.union([z.literal(1), z.literal(2)]).nullish(),
});
const section = z.object({
  type: z.literal(COMPONENT_TYPES.section),
  ...componentNumber,
  components: z.array(textDisplay).min(1).max(3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
});

const inContainer = [row, section, textDisplay, gallery, file, separator] as const;
const container = z.object({
  type: z.literal(COMPONENT_TYPES.container),
  ...componentNumber,
  components: z
    .array(z.discriminatedUnion('type', [...inContainer]))
    .min(1)
    .max(MOST_COMPONENTS),
  accent_color: z.int().min(0).max(0xff_ff_ff).nullish(),
  spoiler: z.boolean().nullish(),
});

/** Each by itself; which of them may come, and how many, depends on the message: `checkLayout`. */
export const components = z.array(z.discriminatedUnion('type', [...inContainer, container])).max(MOST_COMPONENTS);
