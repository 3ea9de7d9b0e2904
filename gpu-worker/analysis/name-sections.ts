// Names for sections, only where they are plain.
import type { SectionSpan } from '../../workflows/contract/analysis.ts';

type SectionName = SectionSpan['name'];

interface LetteredSection {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly letter: string;
  readonly levelDb: number;
}

/** A chorus is so much louder than what else repeats. */
const CHORUS_LOUDER_DB = 1.5;
/** Fewer sections show no form. */
const FEWEST_SECTIONS = 4;

/**
 * What comes once, at the beginning or end, and shorter or softer than the rest, is intro or outro. Of two kinds that repeat, the one that is plainly louder
 * is the chorus, unless the song begins with it, and the other the verse; what comes once between them, after the second chorus, is the bridge. All else has no name.
 */
export function nameSections(sections: readonly LetteredSection[]): SectionName[] {
  const names: SectionName[] = sections.map(() => null);
  if (sections.length < FEWEST_SECTIONS) return names;
  const kinds = Map.groupBy(sections, ({ letter }) => letter);
  const once = ({ letter }: LetteredSection): boolean => kinds.get(letter)!.length === 1;
  const [first, last] = [sections[0]!, sections.at(-1)!];
  if (once(first) && isSlighter(first, sections)) names[0] = 'intro';
  if (once(last) && isSlighter(last, sections)) names[sections.length - 1] = 'outro';

  const repeated = [...kinds.values()].filter((kind) => kind.length > 1).toSorted((a, b) => level(b) - level(a));
  const [chorus, verse] = repeated;
  if (chorus === undefined || verse === undefined || repeated.length > 2) return names;
  if (level(chorus) < level(verse) + CHORUS_LOUDER_DB || chorus.includes(first)) return names;
  let choruses = 0;
  sections.forEach((section, index) => {
    if (chorus.includes(section)) {
      names[index] = 'chorus';
      choruses++;
    } else if (verse.includes(section)) names[index] = 'verse';
    else if (names[index] === null && choruses >= 2 && index < sections.length - 1) names[index] = 'bridge';
  });
  return names;
}

function isSlighter(section: LetteredSection, all: readonly LetteredSection[]): boolean {
  const others = all.filter((other) => other !== section);
  const length = ({ startSeconds, endSeconds }: LetteredSection): number => endSeconds - startSeconds;
  const meanLength = others.reduce((sum, other) => sum + length(other), 0) / others.length;
  return length(section) < 0.75 * meanLength || section.levelDb < level(others) - 3;
}

function level(sections: readonly LetteredSection[]): number {
  return sections.reduce((sum, { levelDb }) => sum + levelDb, 0) / sections.length;
}
