/** Answers to interactions: the first within three seconds, and what follows by the token, for fifteen minutes. */
import { z } from 'zod';
import { spokenText } from '../component-layout.ts';
import { invalidForm, refuse } from '../discord-error.ts';
import type { Emulation } from '../emulation.ts';
import { checkForm } from '../form-check.ts';
import { INTERACTION_TYPES } from '../interactions.ts';
import type { Interaction } from '../interactions.ts';
import { callsOf, readAllowedMentions } from '../mentions.ts';
import { FLAGS, MESSAGE_TYPES, hasFlag } from '../message.ts';
import type { StoredMessage, Wire } from '../message.ts';
import { modalSchema } from '../modal-schema.ts';
import { checkMessage, editedContent, newMessage } from '../message-request.ts';
import type { Sent } from '../message-request.ts';
import { publish, remove, revise } from '../posts.ts';
import { objectOf } from '../request-body.ts';
import { messageIn } from '../world.ts';
import type { Channel } from '../world.ts';
import { NO_CONTENT, ok, param } from './route.ts';
import type { Answer, Route, RouteRequest } from './route.ts';

const WEBHOOK = '/webhooks/{webhook_id}/{webhook_token}';
const ORIGINAL = '@original';

export const INTERACTION_ROUTES: readonly Route[] = [
  { name: 'POST /interactions/{interaction_id}/{interaction_token}/callback', auth: 'none', run: callback },
  { name: `POST ${WEBHOOK}`, auth: 'none', isSend: true, run: followUp },
  ...[ORIGINAL, '{message_id}'].flatMap((message): Route[] => [
    { name: `GET ${WEBHOOK}/messages/${message}`, auth: 'none', run: get },
    { name: `PATCH ${WEBHOOK}/messages/${message}`, auth: 'none', isSend: true, run: edit },
    { name: `DELETE ${WEBHOOK}/messages/${message}`, auth: 'none', isSend: true, run: erase },
  ]),
];

const ANSWER = { message: 4, laterMessage: 5, laterUpdate: 6, update: 7, choices: 8, modal: 9 } as const;

const callbackSchema = z.object({ type: z.int(), data: z.record(z.string(), z.unknown()).nullish() });
const choicesSchema = z.object({
  choices: z
    .array(z.object({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25),
});

function callback(request: RouteRequest): Answer {
  const { emulation, body: given, query } = request;
  const { type, data: some } = checkForm(callbackSchema, objectOf(given));
  const data = some ?? {};
  checkAnswer(type, data);
  const interaction = emulation.interactions.take(
    param(request, 'interaction_id'),
    param(request, 'interaction_token'),
  );
  let message: StoredMessage | null = null;
  try {
    message = answerFirst(emulation, interaction, type, {
      body: checkMessage(type === ANSWER.modal ? {} : withoutChoices(data)),
      uploads: given.uploads,
    });
  } catch (error) {
    // An answer that was refused is none: another may come.
    interaction.state = 'waiting';
    throw error;
  }
  if (type === ANSWER.modal) interaction.modal = checkForm(modalSchema, data);
  emulation.interactions.settle(interaction, { type, data });
  if (query.get('with_response') !== 'true') return NO_CONTENT;
  return ok({
    interaction: {
      id: interaction.id,
      type: interaction.type,
      response_message_id: interaction.originalId,
      response_message_loading: type === ANSWER.laterMessage,
      response_message_ephemeral: message?.onlyFor != null,
    },
    resource: { type, ...(message !== null && { message: emulation.write.whole(message) }) },
  });
}

/** @throws DiscordError 50035 for what no interaction is answered with, or not so */
function checkAnswer(type: number, data: Wire): void {
  if (!Object.values<number>(ANSWER).includes(type)) {
    throw invalidForm(['type'], { code: 'BASE_TYPE_CHOICES', message: 'Value must be one of {4, 5, 6, 7, 8, 9}.' });
  }
  if (type === ANSWER.choices) checkForm(choicesSchema, data);
  if (type === ANSWER.modal) checkForm(modalSchema, data);
}

function withoutChoices({ choices: _choices, ...rest }: Wire): Wire {
  return rest;
}

/** @returns the message that it made or changed */
function answerFirst(emulation: Emulation, interaction: Interaction, type: number, sent: Sent): StoredMessage | null {
  const channel = emulation.world.channels.get(interaction.channelId) ?? refuse('unknownChannel');
  const isTyping = interaction.type === INTERACTION_TYPES.autocomplete;
  if (isTyping !== (type === ANSWER.choices)) wrongType();
  if (type === ANSWER.modal && interaction.type === INTERACTION_TYPES.modal) wrongType();
  switch (type) {
    case ANSWER.message:
      return keepOriginal(interaction, postAnswer(emulation, channel, interaction, sent));
    case ANSWER.laterMessage:
      return keepOriginal(
        interaction,
        publish(emulation, channel, waitingMessage(emulation, interaction, sent)).message,
      );
    case ANSWER.laterUpdate:
    case ANSWER.update: {
      if (interaction.sourceMessageId === null) wrongType();
      const source = messageIn(channel, interaction.sourceMessageId ?? '');
      interaction.originalId = source.id;
      if (type === ANSWER.laterUpdate) return null;
      return revise(emulation, channel, source, editedContent(emulation, channel, source, sent)).message;
    }
    default:
      return null;
  }
}

function wrongType(): never {
  throw invalidForm(['type'], { code: 'INTERACTION_TYPE_BAD', message: 'This interaction is not answered so.' });
}

function keepOriginal(interaction: Interaction, message: StoredMessage): StoredMessage {
  interaction.originalId = message.id;
  return message;
}

function postAnswer(emulation: Emulation, channel: Channel, interaction: Interaction, sent: Sent): StoredMessage {
  const isEphemeral = ((sent.body.flags ?? 0) & FLAGS.ephemeral) !== 0;
  const message = newMessage(emulation, channel, {
    ...sent,
    type: typeOf(interaction),
    nonce: null,
    repliedTo: null,
    onlyFor: isEphemeral ? interaction.personId : null,
    interaction: aboutOf(interaction),
  });
  return publish(emulation, channel, message).message;
}

/** "Woodshed is thinking…" */
function waitingMessage({ world }: Emulation, interaction: Interaction, { body }: Sent): Parameters<typeof publish>[2] {
  const isEphemeral = ((body.flags ?? 0) & FLAGS.ephemeral) !== 0;
  return {
    authorId: world.bot.id,
    type: typeOf(interaction),
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: FLAGS.loading | (isEphemeral ? FLAGS.ephemeral : 0),
    nonce: null,
    replyToId: null,
    mentionedIds: [],
    mentionedRoleIds: [],
    mentionsEveryone: false,
    pings: [],
    onlyFor: isEphemeral ? interaction.personId : null,
    interaction: aboutOf(interaction),
  };
}

function typeOf({ type, isMenu }: Interaction): number {
  if (type !== INTERACTION_TYPES.command) return MESSAGE_TYPES.usual;
  return isMenu ? MESSAGE_TYPES.menuAnswer : MESSAGE_TYPES.slashAnswer;
}

function aboutOf({ id, type, personId }: Interaction): NonNullable<StoredMessage['interaction']> {
  return { id, type, personId };
}

interface Followed {
  readonly emulation: Emulation;
  readonly interaction: Interaction;
  readonly channel: Channel;
}

function follow(request: RouteRequest): Followed {
  const { emulation } = request;
  if (param(request, 'webhook_id') !== emulation.world.bot.id) refuse('unknownWebhook');
  const interaction = emulation.interactions.follow(param(request, 'webhook_token'));
  const channel = emulation.world.channels.get(interaction.channelId) ?? refuse('unknownChannel');
  return { emulation, interaction, channel };
}

/** `@original`, or what followed; never somebody else's. */
function followedMessage(request: RouteRequest, { interaction, channel }: Followed): StoredMessage {
  const id = request.params['message_id'] ?? interaction.originalId ?? '';
  const message = messageIn(channel, id);
  const isSource = message.id === interaction.sourceMessageId;
  return message.interaction?.id === interaction.id || isSource ? message : refuse('unknownMessage');
}

function followUp(request: RouteRequest): Answer {
  const followed = follow(request);
  const { emulation, interaction, channel } = followed;
  const sent = { body: checkMessage(objectOf(request.body)), uploads: request.body.uploads };
  const original = channel.messages.get(interaction.originalId ?? '');
  // The first one after "is thinking…" takes its place.
  if (original !== undefined && hasFlag(original, 'loading')) return ok(change(followed, original, sent));
  return ok(emulation.write.whole(postAnswer(emulation, channel, interaction, sent)));
}

function get(request: RouteRequest): Answer {
  const followed = follow(request);
  return ok(followed.emulation.write.whole(followedMessage(request, followed)));
}

function edit(request: RouteRequest): Answer {
  const followed = follow(request);
  const message = followedMessage(request, followed);
  const sent = { body: checkMessage(objectOf(request.body)), uploads: request.body.uploads };
  return ok(change(followed, message, sent));
}

/** The answer that was waited for calls people as a new message does. */
function change({ emulation, channel }: Followed, message: StoredMessage, sent: Sent): unknown {
  const edited = editedContent(emulation, channel, message, sent);
  if (!hasFlag(message, 'loading')) return emulation.write.whole(revise(emulation, channel, message, edited).message);
  const calls = callsOf(emulation.world, channel, {
    authorId: message.authorId,
    content: spokenText(edited),
    allowed: readAllowedMentions(sent.body.allowed_mentions),
    repliedTo: null,
    onlyFor: message.onlyFor,
  });
  return emulation.write.whole(revise(emulation, channel, message, { ...edited, ...calls, editedMs: null }).message);
}

function erase(request: RouteRequest): Answer {
  const followed = follow(request);
  void remove(followed.emulation, followed.channel, followedMessage(request, followed));
  return NO_CONTENT;
}
