/** Results as Telegram shows them. */
import { InputFile } from 'grammy';
import type { InputMediaAudio, InputMediaDocument, Message } from 'grammy/types';
import type { Card } from '../../workflows/contract/card.ts';
import type { AlbumSong, OpenFile } from '../../workflows/contract/chat-port.ts';
import type { SentFile } from '../../workflows/contract/delivery.ts';

/** The music player takes MP3 and M4A alone. */
const MUSIC = /\.(?:mp3|m4a)$/u;

/** A song in the player, titled by its stem; anything else is a document. */
export function mediaOf(card: Card, file: OpenFile): InputMediaAudio | InputMediaDocument {
  return MUSIC.test(file.fileName)
    ? songOf(card, { kind: 'file', file })
    : { type: 'document', media: new InputFile(file.path, file.fileName), disable_content_type_detection: true };
}

/**
 * A song of an album. Without a cover: the picture of a stem is a wide one, and what stands in the chat already keeps what it was sent
 * with.
 */
export function songOf(card: Card, song: AlbumSong): InputMediaAudio {
  const { name } = song.kind === 'file' ? song.file : song.sent;
  const titled = { type: 'audio', title: name, performer: card.title } as const;
  if (song.kind === 'standing') return { ...titled, media: song.sent.reference };
  const { path, fileName, durationSeconds } = song.file;
  return {
    ...titled,
    media: new InputFile(path, fileName),
    ...(durationSeconds === null ? {} : { duration: Math.round(durationSeconds) }),
  };
}

/** Empty for what is no song, and for an edit that changed nothing. */
export function sentFiles({ name }: OpenFile, message: Message | true): readonly SentFile[] {
  const audio = message === true ? undefined : message.audio;
  return audio === undefined ? [] : [{ name, reference: audio.file_id }];
}
