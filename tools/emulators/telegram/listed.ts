/** What the Bot API takes and its transcription lacks: nothing that the bot sends. */
import type { ListedCall } from '../core/listed.ts';

export const TELEGRAM_LISTED: readonly ListedCall[] = [];
