/** What an opened link carries to the bot: `/start join_CODE`, `/start link`. Telegram lets letters, digits, `_` and `-` through. */

const JOIN = /^join_([\dA-Za-z]{1,32})$/u;

export const LINK_PAYLOAD = 'link';

export function joinPayload(code: string): string {
  return `join_${code}`;
}

/** The code; null where the link was another one. */
export function readJoinPayload(payload: string): string | null {
  return JOIN.exec(payload)?.[1] ?? null;
}
