import type { Language } from '../../../workflows/contract/job-view.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import type { Words } from './words.ts';

const WORDS: Readonly<Record<Language, Words>> = { en, de, es };

/** The language of a chat whose band has chosen none. */
export const USUAL_LANGUAGE: Language = 'en';

export function wordsOf(language: Language): Words {
  return WORDS[language];
}
