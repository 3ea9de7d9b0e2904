import type { SeenButton } from './conversation.ts';

export interface SeenMenu {
  /** What stands on it. */
  readonly menu: string;
  readonly entries: readonly SeenButton[];
}

/** A message's buttons as a person has them before them: entries of one menu are one thing. */
export function seenMenus(buttons: readonly SeenButton[]): readonly (SeenButton | SeenMenu)[] {
  const seen: (SeenButton | (SeenMenu & { readonly entries: SeenButton[] }))[] = [];
  for (const button of buttons) {
    const { menu, customId } = button;
    const last = seen.at(-1);
    if (menu === undefined) seen.push(button);
    else if (last !== undefined && 'entries' in last && last.menu === menu && last.entries[0]?.customId === customId) {
      last.entries.push(button);
    } else seen.push({ menu, entries: [button] });
  }
  return seen;
}
