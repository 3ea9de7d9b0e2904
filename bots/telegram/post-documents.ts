import { InputFile } from 'grammy';
import type { Api } from 'grammy';
import type { InputMediaDocument } from 'grammy/types';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { inReplyTo, inTopic } from './placement.ts';
import { upload } from './upload.ts';

/** Of files sent together. */
export const MOST_IN_GROUP = 10;

/**
 * Files to be opened elsewhere, together under the card: 1 to {@link MOST_IN_GROUP} in one request, so the limit of one upload is that of
 * their sum. Telegram may have posted some of them whatever it answers: nobody may try again.
 */
export async function postDocuments(
  api: Api,
  address: ChatAddress,
  cardMessageId: string,
  files: readonly OpenFile[],
  limitBytes: number,
): Promise<{ readonly messageId: string }> {
  const where = { ...inTopic(address), ...inReplyTo(Number(cardMessageId)), disable_notification: true };
  const chat = Number(address.chatId);
  const bytes = files.reduce((sum, { blob }) => sum + blob.bytes, 0);
  const media = files.map(documentOf);
  const [only, ...others] = media;
  if (only === undefined) return { messageId: cardMessageId };
  // A group has two at least.
  const [first] = await upload(bytes, limitBytes, async () =>
    others.length === 0
      ? [await api.sendDocument(chat, only.media, { ...where, disable_content_type_detection: true })]
      : await api.sendMediaGroup(chat, media, where),
  );
  if (first === undefined) throw new Error('Telegram took files and named no message of them');
  return { messageId: String(first.message_id) };
}

function documentOf({ path, fileName }: OpenFile): InputMediaDocument {
  return { type: 'document', media: new InputFile(path, fileName), disable_content_type_detection: true };
}
