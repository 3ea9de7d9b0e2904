/** Makes a message's content of what the bot sent, with the files that came along. */
import type { StoredAttachment } from './attachment-store.ts';
import { checkLayout, numbered, spokenText } from './component-layout.ts';
import { invalidForm, refuse } from './discord-error.ts';
import { attachmentLimit } from './emulation.ts';
import type { Emulation } from './emulation.ts';
import { checkForm } from './form-check.ts';
import { ALL_MENTIONS, callsOf, readAllowedMentions } from './mentions.ts';
import { FLAGS, hasFlag } from './message.ts';
import type { MessageContent, StoredMessage } from './message.ts';
import { MOST_FILES, messageSchema } from './message-schema.ts';
import type { MessageBody } from './message-schema.ts';
import type { NewMessage } from './posts.ts';
import type { Upload } from './request-body.ts';
import type { Channel } from './world.ts';

/** What the bot may set of a message's flags. */
const SETTABLE = FLAGS.suppressEmbeds | FLAGS.silent | FLAGS.voice | FLAGS.ephemeral | FLAGS.componentsV2;

export interface Sent {
  readonly body: MessageBody;
  readonly uploads: readonly Upload[];
}

export interface Posted extends Sent {
  readonly type: number;
  readonly nonce: string | number | null;
  readonly repliedTo: StoredMessage | null;
  readonly onlyFor: string | null;
  readonly interaction: StoredMessage['interaction'];
}

/** @throws DiscordError 50006, 50035, 40005, 5015x */
export function newMessage(emulation: Emulation, channel: Channel, posted: Posted): NewMessage {
  const { body, uploads, type, nonce, repliedTo, onlyFor, interaction } = posted;
  const flags = (body.flags ?? 0) & SETTABLE;
  const content: MessageContent = {
    content: (body.content ?? '').trim(),
    embeds: body.embeds ?? [],
    components: numbered(body.components ?? []),
    attachments: attachmentsOf(emulation, channel, { body, uploads }, [], (flags & FLAGS.ephemeral) !== 0),
    flags,
  };
  if (hasFlag(content, 'voice')) checkVoice(content);
  checkLayout(content);
  if (isEmpty(content)) refuse('emptyMessage');
  const allowed = readAllowedMentions(body.allowed_mentions);
  const call = { authorId: emulation.world.bot.id, content: spokenText(content), allowed, repliedTo, onlyFor };
  return {
    ...content,
    ...callsOf(emulation.world, channel, call),
    authorId: emulation.world.bot.id,
    type,
    nonce,
    replyToId: repliedTo?.id ?? null,
    onlyFor,
    interaction,
  };
}

/** What an edit changes; what it does not name stays. @throws DiscordError */
export function editedContent(
  emulation: Emulation,
  channel: Channel,
  message: StoredMessage,
  sent: Sent,
): MessageContent & Pick<StoredMessage, 'mentionedIds'> {
  const { body } = sent;
  if (hasFlag(message, 'voice')) refuse('voiceFixed');
  const content: MessageContent = {
    content: body.content === undefined ? message.content : (body.content ?? '').trim(),
    embeds: body.embeds === undefined ? message.embeds : (body.embeds ?? []),
    components: body.components === undefined ? message.components : numbered(body.components ?? []),
    attachments: attachmentsOf(emulation, channel, sent, message.attachments, message.onlyFor !== null),
    flags:
      (message.flags & ~(FLAGS.loading | FLAGS.suppressEmbeds)) |
      ((body.flags ?? message.flags) & FLAGS.suppressEmbeds) |
      // It can be set, and not be taken back.
      ((body.flags ?? 0) & FLAGS.componentsV2),
  };
  checkLayout(content);
  if (isEmpty(content)) refuse('emptyMessage');
  // An edit names people anew, but pings none.
  const { mentionedIds } = callsOf(emulation.world, channel, {
    authorId: message.authorId,
    content: spokenText(content),
    allowed: ALL_MENTIONS,
    repliedTo: null,
    onlyFor: message.onlyFor,
  });
  return { ...content, mentionedIds };
}

export function checkMessage(body: unknown): MessageBody {
  return checkForm(messageSchema, body);
}

/**
 * Those of `kept` that the list names, or all of them where there is no list, and then what was uploaded: `attachments[].id` is the `n` of
 * `files[n]`, or the id of what is there already.
 */
function attachmentsOf(
  emulation: Emulation,
  channel: Channel,
  { body, uploads }: Sent,
  kept: readonly StoredAttachment[],
  isEphemeral: boolean,
): readonly StoredAttachment[] {
  const list = body.attachments ?? null;
  const stay = list === null ? kept : kept.filter(({ id }) => list.some((entry) => String(entry.id) === id));
  if (stay.length + uploads.length > MOST_FILES) {
    throw invalidForm(['attachments'], {
      code: 'BASE_TYPE_MAX_LENGTH',
      message: `Must be ${String(MOST_FILES)} or fewer in length.`,
    });
  }
  const limit = attachmentLimit(emulation, channel.guildId);
  if (uploads.some(({ bytes }) => bytes.byteLength > limit)) refuse('tooLarge');
  for (const [index, entry] of (list ?? []).entries()) {
    const isKnown =
      kept.some(({ id }) => id === String(entry.id)) || uploads.some((upload) => numberOf(upload) === String(entry.id));
    if (!isKnown) {
      throw invalidForm(['attachments', index, 'id'], {
        code: 'ATTACHMENT_NOT_FOUND',
        message: 'Attachment data not found',
      });
    }
  }
  const added = uploads.map((upload) => {
    const entry = list?.find(({ id }) => String(id) === numberOf(upload));
    const { duration_secs: durationSeconds, waveform } = entry ?? {};
    return emulation.attachments.add({
      channelId: channel.id,
      name: entry?.filename ?? upload.name,
      mimeType: upload.mimeType,
      bytes: upload.bytes,
      description: entry?.description ?? null,
      voice: durationSeconds == null || waveform == null ? null : { durationSeconds, waveformBase64: waveform },
      isEphemeral,
    });
  });
  return [...stay, ...added];
}

function numberOf({ field }: Upload): string {
  return /^files\[(?<n>\d+)\]$/u.exec(field)?.groups?.['n'] ?? field;
}

function checkVoice({ content, embeds, components, attachments }: MessageContent): void {
  if (content !== '' || embeds.length > 0 || components.length > 0) refuse('voiceAlone');
  const [file] = attachments;
  if (file === undefined || attachments.length > 1 || !file.mimeType.startsWith('audio/')) return refuse('voiceSingle');
  if (file.voice === null) refuse('voiceMetadata');
}

function isEmpty(message: MessageContent): boolean {
  const { content, embeds, components, attachments } = message;
  // What no component shows nobody sees.
  if (hasFlag(message, 'componentsV2')) return components.length === 0;
  return content === '' && embeds.length === 0 && components.length === 0 && attachments.length === 0;
}
