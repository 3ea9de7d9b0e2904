/** What a message may carry: https://docs.discord.com/developers/resources/message */
import { z } from 'zod';
import { components } from './message-components.ts';

const EMBED_LETTERS = 6000;
export const CONTENT_LETTERS = 2000;
export const MOST_FILES = 10;
const snowflake = z.union([z.string().regex(/^\d{1,20}$/u), z.int().nonnegative()]);
const webUrl = z
  .string()
  .max(2048)
  .regex(/^(?:https?|attachment):\/\/\S+$/u, 'Not a well formed URL.');

const embed = z.object({
  title: z.string().max(256).nullish(),
  description: z.string().max(4096).nullish(),
  url: webUrl.nullish(),
  timestamp: z.string().nullish(),
  color: z.int().min(0).max(0xff_ff_ff).nullish(),
  footer: z.object({ text: z.string().max(2048), icon_url: webUrl.nullish() }).nullish(),
  image: z.object({ url: webUrl }).nullish(),
  thumbnail: z.object({ url: webUrl }).nullish(),
  author: z.object({ name: z.string().max(256), url: webUrl.nullish(), icon_url: webUrl.nullish() }).nullish(),
  fields: z
    .array(
      z.object({ name: z.string().min(1).max(256), value: z.string().min(1).max(1024), inline: z.boolean().nullish() }),
    )
    .max(25)
    .nullish(),
});

const embeds = z
  .array(embed)
  .max(10)
  .superRefine((all, context) => {
    const letters = all
      .flatMap(({ title, description, footer, author, fields }) => [
        title,
        description,
        footer?.text,
        author?.name,
        ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
      ])
      .reduce((sum, text) => sum + (text?.length ?? 0), 0);
    if (letters > EMBED_LETTERS) {
      const message = `Embed size exceeds maximum size of ${String(EMBED_LETTERS)}`;
      context.addIssue({ code: 'custom', path: [0], message, params: { code: 'MAX_EMBED_SIZE_EXCEEDED' } });
    }
  });

const allowedMentions = z
  .object({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
    users: z.array(snowflake).max(100).nullish(),
    roles: z.array(snowflake).max(100).nullish(),
    replied_user: z.boolean().nullish(),
  })
  .superRefine(({ parse, users, roles }, context) => {
    const listed = { users, roles };
    for (const kind of ['users', 'roles'] as const) {
      if (parse?.includes(kind) === true && (listed[kind]?.length ?? 0) > 0) {
        const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
        context.addIssue({
          code: 'custom',
          path: [kind],
          message,
          params: { code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE' },
        });
      }
    }
  });

const attachment = z.object({
  id: snowflake,
  filename: z.string().max(1024).nullish(),
  description: z.string().max(1024).nullish(),
  title: z.string().max(1024).nullish(),
  duration_secs: z.number().min(0).nullish(),
  waveform: z.string().max(400).nullish(),
});

export const messageSchema = z.object({
  content: z.string().max(CONTENT_LETTERS).nullish(),
  embeds: embeds.nullish(),
  components: components.nullish(),
  allowed_mentions: allowedMentions.nullish(),
  attachments: z.array(attachment).max(MOST_FILES).nullish(),
  flags: z.int().nonnegative().nullish(),
  tts: z.boolean().nullish(),
});

export const newMessageSchema = messageSchema.extend({
  nonce: z.union([z.string().max(25), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .object({
      type: z.literal(0).nullish(),
      message_id: snowflake,
      channel_id: snowflake.nullish(),
      guild_id: snowflake.nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
});

export type MessageBody = z.output<typeof messageSchema>;
