/** What all interactions have in common: who, where, on what, and what happens when the app is silent. */
import type { PersonPlace } from '../core/emulator.ts';
import type { SlackEmulation } from './emulation.ts';
import type { PersonSeed } from './options.ts';
import { contextOf } from './posts.ts';
import { SlackError } from './slack-error.ts';
import { wireMessage } from './to-wire.ts';
import type { Wire } from './to-wire.ts';
import type { Channel, StoredMessage, Workspace } from './world.ts';

export interface Interaction {
  readonly workspace: Workspace;
  /** @param reason such as `timeout` or `connection_failed` */
  failed(reason: string): void;
  /** Gets what came along with the acknowledgement. @throws SlackError, which Slack keeps to itself */
  answered(answer: unknown): void;
}

/** @returns milliseconds to the acknowledgement; null where there was none in time */
export async function interact(
  { outbox }: SlackEmulation,
  kind: 'slash_commands' | 'interactive',
  payload: Wire,
  { workspace, failed, answered }: Interaction,
): Promise<number | null> {
  if (!workspace.isInstalled) {
    failed('connection_failed');
    return null;
  }
  const delivered = await outbox.interaction(kind, payload);
  if ('failed' in delivered) {
    failed(delivered.failed);
    return null;
  }
  if (delivered.answer !== null) {
    try {
      answered(delivered.answer);
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      failed(error.code);
    }
  }
  return delivered.acknowledgedMs;
}

/** @throws RangeError where this person is not in that conversation */
export function placeOf(
  { world }: SlackEmulation,
  by: string,
  at: PersonPlace,
): { readonly workspace: Workspace; readonly channel: Channel } {
  const found = world.channel(at.chat);
  if (!found.channel.members.has(by) || !found.workspace.people.has(by)) {
    throw new RangeError(`${by} is not in ${at.chat}`);
  }
  if (found.channel.isDeleted) throw new RangeError(`${at.chat} is deleted`);
  return found;
}

/** @throws RangeError */
export function actedOn(channel: Channel, messageId: string): StoredMessage {
  const message = channel.messages.get(messageId);
  if (message === undefined) throw new RangeError(`there is no message ${messageId} in ${channel.id}`);
  return message;
}

/** @throws RangeError */
export function personOf(workspace: Workspace, personId: string): PersonSeed {
  const person = workspace.people.get(personId);
  if (person === undefined) throw new RangeError(`${personId} is not in ${workspace.id}`);
  return person;
}

/** Of every interactive payload. */
export function identify({ app }: SlackEmulation, workspace: Workspace, by: string): Wire {
  const { name } = personOf(workspace, by);
  return {
    token: app.verificationToken,
    team: { id: workspace.id, domain: workspace.domain },
    user: { id: by, username: name, name, team_id: workspace.id },
    api_app_id: app.id,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Of an interaction on a message; what only one person sees does not go along. */
export function messagePayload(
  emulation: SlackEmulation,
  workspace: Workspace,
  channel: Channel,
  message: StoredMessage,
  by: string,
): Wire {
  const place = { workspace, channel, personId: by, message };
  return {
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    ...(message.ephemeralFor === null && {
      message_ts: message.ts,
      message: wireMessage(contextOf(emulation), workspace, message, { withMetadata: true }),
    }),
    response_url: `${emulation.origin()}/actions/${emulation.interactions.createAnswerPath(place)}`,
  };
}
