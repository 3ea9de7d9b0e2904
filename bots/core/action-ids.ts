import type { CardAction } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { JobOutcome, JobState } from '../../workflows/contract/job.ts';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import { FOLLOW_UPS, followUpButtons } from './follow-ups.ts';
import type { Words } from './words/words.ts';

export const ACTION_VERBS = ['cancel', 'retry', 'album', 'link', ...FOLLOW_UPS] as const;
export type ActionVerb = (typeof ACTION_VERBS)[number];

const VERSION = 'v1';
/** Codes of jobs are six characters; a little room for longer ones to come. */
const ID = /^v1:([0-9A-Z]{4,16}):([a-z]+)$/u;

/** At most 64 bytes of ASCII, as Telegram wants it. */
export function actionId(code: string, verb: ActionVerb): string {
  return `${VERSION}:${code}:${verb}`;
}

/** Null where it is none of ours, or an older version's. It proves nothing: whoever pressed may have made it up. */
export function readActionId(id: string): { readonly code: string; readonly verb: ActionVerb } | null {
  const match = ID.exec(id);
  const verb = ACTION_VERBS.find((each) => each === match?.[2]);
  return verb === undefined ? null : { code: match?.[1] ?? '', verb };
}

/**
 * What can be pressed on a job's card.
 *
 * @param hasAlbum its stems can be had as one album there
 * @param needsLink its result waits for an account that is to be linked
 */
export function cardActions(
  code: string,
  state: JobState,
  outcome: JobOutcome | null,
  words: Words,
  { hasAlbum = false, needsLink = false }: { readonly hasAlbum?: boolean; readonly needsLink?: boolean } = {},
): CardAction[] {
  if (!isFinished(state)) {
    const link: CardAction = { id: actionId(code, 'link'), label: words.buttons.link, style: 'primary' };
    const cancel: CardAction = { id: actionId(code, 'cancel'), label: words.buttons.cancel, style: 'danger' };
    return needsLink ? [link, cancel] : [cancel];
  }
  if (outcome?.state === 'done') {
    const album: CardAction = { id: actionId(code, 'album'), label: words.buttons.album, style: 'plain' };
    const others = followUpButtons(outcome.result, words, (verb) => actionId(code, verb));
    return hasAlbum ? [album, ...others] : others;
  }
  const mayHelp =
    state === 'cancelled' ||
    ((outcome?.state === 'refused' || outcome?.state === 'failed') && isWorthRetrying(outcome.failure.code));
  return mayHelp ? [{ id: actionId(code, 'retry'), label: words.buttons.retry, style: 'primary' }] : [];
}

/** False where the same song and the same wishes end the same way. */
function isWorthRetrying(code: FailureCode): boolean {
  switch (code) {
    case 'link-unreachable':
    case 'link-refused':
    case 'site-off':
    case 'site-unavailable':
    case 'site-live':
    case 'model-missing':
    case 'model-not-licensed':
    case 'model-invalid':
    case 'out-of-memory':
    case 'no-space':
    case 'delivery-folder':
    case 'quota-jobs':
    case 'quota-minutes':
    case 'quota-bytes':
    case 'account-not-linked':
    case 'chat-closed':
    case 'cancelled':
    case 'internal':
      return true;
    case 'file-missing':
    case 'empty-file':
    case 'not-audio':
    case 'no-audio-stream':
    case 'unreadable-audio':
    case 'protected-audio':
    case 'too-large':
    case 'too-long':
    case 'too-short':
    case 'too-many-channels':
    case 'unsupported-rate':
    case 'link-invalid':
    case 'link-blocked':
    case 'link-not-audio':
    case 'unknown-strategy':
    case 'option-invalid':
    case 'too-many-files':
    case 'unknown-stem':
    case 'unknown-tuning':
    case 'words-too-long':
      return false;
  }
}
