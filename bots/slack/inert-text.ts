/** A person's words in Slack's mrkdwn, as letters. */

/** Invisible, and no part of any name, link, emoji or number. */
const WORD_JOINER = '\u2060';

/** For `mrkdwn` texts, always with `verbatim: true`: nothing in it pings, links or formats. */
export function inertText(text: string): string {
  return inertPlain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[*_~`]/gu, (sign) => `${WORD_JOINER}${sign}${WORD_JOINER}`);
}

/** For `plain_text`, where Slack still makes emoji of `:name:`, and links of addresses in notifications. */
export function inertPlain(text: string): string {
  return text
    .replaceAll(/[@#!:]/gu, (sign) => `${sign}${WORD_JOINER}`)
    .replaceAll(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, `${WORD_JOINER}.${WORD_JOINER}`)
    .replaceAll('//', `/${WORD_JOINER}/`);
}

/** For inside a code block: only its end and the three escaped signs mean anything there. */
export function codeText(text: string): string {
  return text.replaceAll('`', 'ˋ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
