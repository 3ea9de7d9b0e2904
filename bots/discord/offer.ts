/** What can be done with the songs of a private message that says no word, as buttons below it. */
import type { CardAction } from '../../workflows/contract/card.ts';
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import type { MessageActionVerb } from '../core/command-table.ts';
import type { Words } from '../core/words/words.ts';

export function offersFor(messageId: string, { messageActions }: Words): readonly CardAction[] {
  return MESSAGE_ACTIONS.map(({ verb }) => ({
    id: `offer:${verb}:${messageId}`,
    label: messageActions[verb],
    style: 'primary',
  }));
}

/** Null for a button that is none of these. */
export function readOffer(customId: string): { readonly verb: MessageActionVerb; readonly messageId: string } | null {
  const [, typed, messageId] = /^offer:([a-z]+):(\d{1,20})$/u.exec(customId) ?? [];
  const verb = MESSAGE_ACTIONS.find((action) => action.verb === typed)?.verb;
  return verb === undefined || messageId === undefined ? null : { verb, messageId };
}
