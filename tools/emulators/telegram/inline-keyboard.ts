/** The keyboard under a message, read as strictly as Telegram does. */
import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import { badRequest } from './api-error.ts';
import type { Arguments } from './arguments.ts';

const MAX_CALLBACK_BYTES = 64;
const MAX_BUTTONS = 100;

/** @returns null for none, and for a keyboard without any button */
export function readKeyboard(args: Arguments): InlineKeyboardMarkup | null {
  const markup = args.json('reply_markup');
  if (markup === undefined) return null;
  if (!isObject(markup)) throw badRequest('object expected as reply markup');
  const rows = markup['inline_keyboard'];
  // Other keyboards stand under the person's text field, not under a message.
  if (rows === undefined) return null;
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row))) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  const keyboard = (rows as readonly (readonly unknown[])[])
    .map((row) => row.map(readButton))
    .filter((row) => row.length > 0);
  if (keyboard.flat().length > MAX_BUTTONS) throw badRequest('reply markup is too long');
  return keyboard.length === 0 ? null : { inline_keyboard: keyboard };
}

function readButton(given: unknown): InlineKeyboardButton {
  if (!isObject(given)) throw badRequest("can't parse inline keyboard button: InlineKeyboardButton must be an Object");
  const { text, url, callback_data: data } = given;
  if (typeof text !== 'string') throw badRequest('can\'t parse inline keyboard button: Can\'t find field "text"');
  if (text.trim() === '')
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  if (typeof url === 'string' && url !== '') {
    if (!/^(?:https?|tg|ton):\/\/[^\s/]+/iu.test(url))
      throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
    return { text, url };
  }
  if (data !== undefined) {
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0;
    if (typeof data !== 'string' || bytes === 0 || bytes > MAX_CALLBACK_BYTES) throw badRequest('BUTTON_DATA_INVALID');
    return { text, callback_data: data };
  }
  throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
