import type { LogWords, Words } from './words/words.ts';

type Saying = (log: LogWords, ...shown: string[]) => string;

const MODEL = /^Fetching the model (.+)$/u;

/** Lines as workers write them into a job's row, with what they say in the card's language. */
const KNOWN: readonly (readonly [line: RegExp, say: Saying])[] = [
  [/^Receiving the song$/u, (log) => log.receiving()],
  [/^Fetching the link$/u, (log) => log.fetchingLink()],
  [/^Looking at the file$/u, (log) => log.looking()],
  [MODEL, (log, model = '') => log.fetchingModel(model)],
  [
    /^The file is cut short or damaged: (\S+) s of (\S+) s could be read$/u,
    (log, readSeconds = '', claimedSeconds = '') => log.cutShort(readSeconds, claimedSeconds),
  ],
  [/^The file is damaged: the first (\S+) s could be read$/u, (log, readSeconds = '') => log.damaged(readSeconds)],
  [/^(\d+) impossible samples were mended$/u, (log, samples = '') => log.mended(samples)],
];

/** A line of a job's log in the card's language; one that nobody knows stays as it was written. */
export function logLine(line: string, { log }: Words): string {
  for (const [pattern, say] of KNOWN) {
    const match = pattern.exec(line);
    if (match !== null) {
      return say(log, ...match.slice(1));
    }
  }
  return line;
}

/** Models are fetched within the separation, when they are first used. */
export function isOfModel(line: string): boolean {
  return MODEL.test(line);
}
