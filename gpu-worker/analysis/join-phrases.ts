// From phrases to sections with letters.
import type { Phrase } from './phrases.ts';

export interface LetteredBars {
  readonly from: number;
  readonly to: number;
  readonly letter: string;
}

/**
 * Phrases of one kind in a row are one section; and so are two kinds that come more than once and never without each other, in that order. Letters go
 * by first appearance.
 */
export function joinPhrases(phrases: readonly Phrase[]): LetteredBars[] {
  let sections = joinEqual(phrases);
  for (let pair = inseparable(sections); pair !== null; pair = inseparable(sections)) {
    const [first, second] = pair;
    sections = joinEqual(
      sections.flatMap((section, index) => {
        if (section.kind === second) return [];
        return section.kind === first ? [{ ...section, to: sections[index + 1]!.to }] : [section];
      }),
    );
  }
  const order = [...new Set(sections.map(({ kind }) => kind))];
  return sections.map(({ from, to, kind }) => ({ from, to, letter: letterOf(order.indexOf(kind)) }));
}

function joinEqual(phrases: readonly Phrase[]): Phrase[] {
  const joined: Phrase[] = [];
  for (const phrase of phrases) {
    const last = joined.at(-1);
    if (last?.kind === phrase.kind) joined[joined.length - 1] = { ...last, to: phrase.to };
    else joined.push(phrase);
  }
  return joined;
}

/** Two kinds of which the second always follows the first and nothing else does; null where there are none, or nothing else is left. */
function inseparable(sections: readonly Phrase[]): readonly [number, number] | null {
  const kinds = new Set(sections.map(({ kind }) => kind));
  if (kinds.size < 3) return null;
  for (const kind of kinds) {
    const after = new Set(
      sections.flatMap((section, n) => (section.kind === kind ? [sections[n + 1]?.kind ?? -1] : [])),
    );
    const [next] = after;
    if (after.size !== 1 || next === undefined || next < 0) continue;
    const before = new Set(
      sections.flatMap((section, n) => (section.kind === next ? [sections[n - 1]?.kind ?? -1] : [])),
    );
    const times = sections.filter((section) => section.kind === kind).length;
    if (before.size === 1 && times > 1) return [kind, next];
  }
  return null;
}

/** A … Z, then AA, AB, …. */
function letterOf(kind: number): string {
  const last = String.fromCharCode(65 + (kind % 26));
  return kind < 26 ? last : letterOf(Math.floor(kind / 26) - 1) + last;
}
