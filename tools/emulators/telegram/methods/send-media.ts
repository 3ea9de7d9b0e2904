/** `sendAudio`, `sendVoice`, `sendDocument`, `sendPhoto`, `sendMediaGroup`. */
import { badRequest } from '../api-error.ts';
import type { Arguments } from '../arguments.ts';
import type { Emulation } from '../emulation.ts';
import { publish } from '../emulation.ts';
import { findDestination } from '../destination.ts';
import { readText } from '../formatting/read-text.ts';
import { readKeyboard } from '../inline-keyboard.ts';
import { readMedia } from '../media-input.ts';
import type { Content, FormattedText, MediaKind } from '../message.ts';
import { toMessage } from '../to-wire.ts';
import type { ApiCall, Method } from './method.ts';
import { asBot } from './send-text.ts';

/** UTF-16 units, after the mark-up is gone. */
export const MAX_CAPTION = 1024;

export const sendAudio: Method = async (emulation, call) => await sendOne(emulation, call, 'audio');
export const sendVoice: Method = async (emulation, call) => await sendOne(emulation, call, 'voice');
export const sendDocument: Method = async (emulation, call) => await sendOne(emulation, call, 'document');
export const sendPhoto: Method = async (emulation, call) => await sendOne(emulation, call, 'photo');

async function sendOne(emulation: Emulation, call: ApiCall, kind: MediaKind): Promise<unknown> {
  const { args } = call;
  const body = readCaption(emulation, args);
  const keyboard = readKeyboard(args);
  const destination = findDestination(emulation.chats, args);
  const media = await readMedia(emulation, call, kind, kind, args.text(kind), args);
  emulation.flood.pass(destination.chat);
  const content: Content = { kind: 'media', body, media };
  const message = publish(emulation, { ...asBot(emulation, destination), albumId: null, content, keyboard });
  return toMessage(emulation, message);
}

/** @throws ApiError 400 */
export function readCaption({ chats }: Emulation, from: Arguments): FormattedText {
  const body = readText(chats, from, { text: 'caption', entities: 'caption_entities' });
  if (body.text.length > MAX_CAPTION) throw badRequest('message caption is too long');
  return body;
}

const IN_ALBUMS = new Set<MediaKind>(['audio', 'document', 'photo']);

/** Reads the `media` of an InputMedia object. */
export async function readInputMedia(
  emulation: Emulation,
  call: ApiCall,
  given: unknown,
): Promise<Content & { kind: 'media' }> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badRequest("can't parse InputMedia: expected an Object");
  }
  const fields = call.args.within(given as Record<string, unknown>);
  const type = fields.text('type');
  if (type !== 'audio' && type !== 'voice' && type !== 'document' && type !== 'photo') {
    throw badRequest(`can't parse InputMedia: type "${type}" is unsupported`);
  }
  if (!fields.has('media')) throw badRequest("can't parse InputMedia: media not found");
  const value = fields.text('media');
  // Here a file is always named: a field of the form alone says nothing.
  if (value.startsWith('attach://') && !call.uploads.has(value.slice('attach://'.length))) {
    throw badRequest("can't parse InputMedia: media not found");
  }
  const body = readCaption(emulation, fields);
  return { kind: 'media', body, media: await readMedia(emulation, call, type, type, value, fields) };
}

/** All or nothing: whatever is wrong with one is found before the first is posted. */
export const sendMediaGroup: Method = async (emulation, call) => {
  const { args, uploads } = call;
  const list: unknown = args.json('media');
  if (!Array.isArray(list)) throw badRequest('expected an Array of InputMedia');
  const contents: (Content & { kind: 'media' })[] = [];
  for (const entry of list as readonly unknown[])
    contents.push(await readInputMedia(emulation, { ...call, uploads }, entry));
  if (contents.length === 0) throw badRequest('there are no messages to send');
  if (contents.length > 10) throw badRequest('too many messages to send as an album');
  if (contents.length < 2) throw badRequest('media group must include 2-10 items');
  const kinds = new Set(contents.map(({ media }) => media.kind));
  for (const kind of ['audio', 'document'] as const) {
    if (kinds.has(kind) && kinds.size > 1) throw badRequest(`${kind} can't be mixed with other media types`);
  }
  if ([...kinds].some((kind) => !IN_ALBUMS.has(kind)))
    throw badRequest("can't use the media of the specified type in the album");
  const destination = findDestination(emulation.chats, args);
  emulation.flood.pass(destination.chat, contents.length);
  const albumId = emulation.chats.nextLongId();
  return contents
    .map((content) => publish(emulation, { ...asBot(emulation, destination), albumId, content, keyboard: null }))
    .map((message) => toMessage(emulation, message));
};
