import type { CardAction, CardChoice } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { JobOutcome, JobState } from '../../workflows/contract/job.ts';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import { FOLLOW_UPS, followUpButtons } from './follow-ups.ts';
import { PICK_VERBS, pickableStems } from './pick-stems.ts';
import type { PickVerb, PickedStem } from './pick-stems.ts';
import type { Words } from './words/words.ts';

export const ACTION_VERBS = ['cancel', 'retry', 'album', 'link', ...FOLLOW_UPS] as const;
export type ActionVerb = (typeof ACTION_VERBS)[number];

/** What an id says: a button's verb, or a stem that was chosen in a menu. */
export type Action = { readonly code: string } & ({ readonly verb: ActionVerb } | PickedStem);

const VERSION = 'v1';
/** Codes of jobs are six characters; a little room for longer ones to come. Names of stems are made of small letters. */
const ID = /^v1:([0-9A-Z]{4,16}):([a-z]+)(?::([a-z0-9-]+))?$/u;
/** As Telegram wants it. */
const LONGEST_ID_BYTES = 64;

/** ASCII; at most 64 bytes where no stem is named. */
export function actionId(code: string, verb: ActionVerb): string;
export function actionId(code: string, verb: PickVerb, stem: string): string;
export function actionId(...parts: readonly string[]): string {
  return [VERSION, ...parts].join(':');
}

/** Null where it is none of ours, or an older version's. It proves nothing: whoever pressed may have made it up. */
export function readActionId(id: string): Action | null {
  const [whole = '', code = '', said, stem] = ID.exec(id) ?? [];
  if (whole.length > LONGEST_ID_BYTES) return null;
  if (stem !== undefined) {
    const picked = PICK_VERBS.find((each) => each === said);
    return picked === undefined ? null : { code, verb: picked, stem };
  }
  const verb = ACTION_VERBS.find((each) => each === said);
  return verb === undefined ? null : { code, verb };
}

/** What can be chosen on a job's card: one of its stems alone in a file, or all the others. Empty where it has no stems to choose from. */
export function cardChoices(code: string, outcome: JobOutcome | null, { card }: Words): CardChoice[] {
  const options = pickableStems(outcome)
    .flatMap((stem) => [
      { id: actionId(code, 'want', stem), label: capitalised(card.only(stem)) },
      { id: actionId(code, 'minus', stem), label: capitalised(card.without(stem)) },
    ])
    .filter(({ id }) => ID.test(id) && id.length <= LONGEST_ID_BYTES);
  return options.length === 0 ? [] : [{ id: `${VERSION}:${code}:pick`, label: card.oneFile(), options }];
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
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
