/** What the app says back to an interaction: along with its acknowledgement, or to the response URL. */
import { isRecord } from '../core/described.ts';
import { withIds } from './block-view.ts';
import { checkBlocks } from './check-blocks.ts';
import type { SlackEmulation } from './emulation.ts';
import type { AnswerPlace } from './interactions.ts';
import { AS_MRKDWN, post, remove, revise } from './posts.ts';
import { SlackError } from './slack-error.ts';
import type { Block } from './world.ts';

/** @throws SlackError `no_text`, `invalid_blocks`, `no_such_message` */
export function takeAnswer(emulation: SlackEmulation, place: AnswerPlace, answer: unknown): void {
  if (!isRecord(answer)) throw new SlackError('invalid_payload');
  const { workspace, channel, personId } = place;
  // The message may have changed since it was acted on.
  const acted = place.message === null ? undefined : channel.messages.get(place.message.ts);
  if (answer['delete_original'] === true) {
    if (acted === undefined) throw new SlackError('message_not_found');
    void remove(emulation, workspace, channel, acted);
    return;
  }
  const text = typeof answer['text'] === 'string' ? answer['text'] : undefined;
  const blocks = readBlocks(emulation, answer['blocks']);
  if ((text === undefined || text === '') && blocks.length === 0) throw new SlackError('no_text');
  if (answer['replace_original'] === true) {
    if (acted === undefined) throw new SlackError('message_not_found');
    revise(emulation, workspace, channel, acted, { text: text ?? '', blocks });
    return;
  }
  const threadTs = typeof answer['thread_ts'] === 'string' ? answer['thread_ts'] : (acted?.threadTs ?? null);
  post(emulation, workspace, channel, {
    personId: null,
    text: text ?? '',
    blocks,
    fileIds: [],
    threadTs,
    isBroadcast: false,
    metadata: null,
    ephemeralFor: answer['response_type'] === 'in_channel' ? null : personId,
    reading: AS_MRKDWN,
  });
}

function readBlocks(emulation: SlackEmulation, given: unknown): readonly Block[] {
  if (given === undefined) return [];
  const parsed: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  return withIds(checkBlocks(parsed), () => emulation.ids.secret(5));
}
