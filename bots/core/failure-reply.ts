import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { Language } from '../../workflows/contract/job-view.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';

/** One plain sentence for the musician: what is wrong and what to do. */
export function failureReply({ code, facts }: FailureReport, language: Language = USUAL_LANGUAGE): string {
  return wordsOf(language).failures[code]((name, fallback = '?') => String(facts[name] ?? fallback));
}
