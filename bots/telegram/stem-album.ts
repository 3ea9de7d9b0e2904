import type { Api } from 'grammy';
import type { Card } from '../../workflows/contract/card.ts';
import type { AlbumSong } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { inReplyTo, inTopic } from './placement.ts';
import { songOf } from './result-media.ts';
import { upload } from './upload.ts';

export interface StemAlbum {
  readonly card: Card;
  readonly cardMessageId: string;
  /** 2 to 10. */
  readonly songs: readonly AlbumSong[];
}

/**
 * Songs as one album under the card; what stands in the chat already is named by its id. One request carries all the others, so the
 * limit of one upload is that of their sum. Telegram may have posted some of them whatever it answers: nobody may try again.
 */
export async function postStemAlbum(
  api: Api,
  address: ChatAddress,
  { card, cardMessageId, songs }: StemAlbum,
  limitBytes: number,
): Promise<{ readonly messageId: string }> {
  const bytes = songs.reduce((sum, song) => sum + (song.kind === 'file' ? song.file.blob.bytes : 0), 0);
  const media = songs.map((song) => songOf(card, song));
  const where = { ...inTopic(address), ...inReplyTo(Number(cardMessageId)) };
  const [first] = await upload(bytes, limitBytes, () => api.sendMediaGroup(Number(address.chatId), media, where));
  if (first === undefined) throw new Error('Telegram took an album and named no message of it');
  return { messageId: String(first.message_id) };
}
