/** What stands on a card below its progress: whose link is waited for; when its job is over, the numbers of its stems and how the files came, or the one sentence of what went wrong. */
import type { Encoding, ResultParcel } from '../../workflows/contract/delivery.ts';
import type { JobView, Language } from '../../workflows/contract/job-view.ts';
import { isStemResult } from '../../workflows/contract/job.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { StemFormat } from '../../workflows/contract/request.ts';
import type { FinishedStem, SeparationResult } from '../../workflows/contract/stems.ts';
import { analysisLines } from './analysis-lines.ts';
import type { CommandStyle } from './command-style.ts';
import { formatDuration } from './duration.ts';
import { failureReply } from './failure-reply.ts';
import { sheetLines } from './sheet-lines.ts';
import { wordsOf } from './words/words-of.ts';
import type { CardWords } from './words/words.ts';

/** Bit rates of a format's first rung, in kbit/s; below them something smaller was sent than was asked for. */
const FULL_KBPS: Readonly<Record<StemFormat, number>> = { wav: 0, flac: 0, mp3: 320, opus: 160 };

/** Where the card stands. */
export interface BodyPlace {
  readonly parcel: ResultParcel;
  readonly language: Language;
  /** How commands are typed there. */
  readonly style: CommandStyle;
}

export function cardBody(
  { request, code }: Pick<JobView, 'request' | 'code'>,
  outcome: JobOutcome,
  { parcel, language, style }: BodyPlace,
): string[] {
  switch (outcome.state) {
    case 'done': {
      const { command } = request;
      return [
        ...resultLines(outcome, code, language, style),
        ...parcelLines(parcel, command.kind === 'split' ? command.format : null, language),
      ];
    }
    case 'refused':
    case 'failed':
      return [failureReply(outcome.failure, language)];
    case 'cancelled':
      return [failureReply({ code: 'cancelled', facts: {} }, language)];
  }
}

/** Who has to link an account before the result comes, and how long it waits for that. */
export function linkLines(
  { request, awaitsLink }: Pick<JobView, 'request' | 'awaitsLink'>,
  language: Language,
): string[] {
  const { card } = wordsOf(language);
  const { displayName } = request.requester;
  switch (awaitsLink?.stage) {
    case undefined:
      return [];
    case 'work':
      return [card.linkMeanwhile(displayName)];
    case 'result':
      return [card.linkForResult(displayName)];
    case 'late': {
      const kept = awaitsLink?.endsAt ?? null;
      return [card.linkLate(displayName), ...(kept === null ? [] : [card.keptUntil(dayOf(kept, language))])];
    }
  }
}

function dayOf(date: Date, language: Language): string {
  return date.toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' });
}

function resultLines(
  { result, reused }: Extract<JobOutcome, { state: 'done' }>,
  code: string,
  language: Language,
  style: CommandStyle,
): string[] {
  const { card, analysis } = wordsOf(language);
  if (isStemResult(result)) return stemLines(result, reused, card);
  const took = card.took(formatDuration(result.recording.durationSeconds), formatDuration(result.seconds));
  if (result.kind !== 'analysis') return [...sheetLines(result, language), took];
  const sayTempo = `${style.verb('analyze')} ${style.option({ name: 'song' }, code)} ${style.option({ name: 'tempo' }, '120')}`;
  return [...analysisLines(result, analysis, sayTempo), reused ? analysis.knownBefore : took];
}

function stemLines(result: SeparationResult, reused: boolean, card: CardWords): string[] {
  const { stems, residual, nullDepthDb } = result.finished;
  const shown = result.mixed === null ? [...stems, residual] : [result.mixed];
  const lines = shown.map((stem) => stemLine(stem, card));
  if (nullDepthDb !== null && result.mixed === null) {
    lines.push(card.nulls(nullDepthDb.toFixed(0)));
  }
  lines.push(
    reused
      ? card.tookBefore()
      : card.took(formatDuration(result.recording.durationSeconds), formatDuration(result.seconds)),
  );
  return lines;
}

function stemLine(stem: FinishedStem, card: CardWords): string {
  const loudness = stem.loudnessLufs === null ? card.silent() : `${stem.loudnessLufs.toFixed(1)} LUFS`;
  const peak = stem.peakDbtp === null ? '' : card.peak(stem.peakDbtp.toFixed(1));
  const gain = stem.gainDb === null ? '' : card.toTarget(`${stem.gainDb >= 0 ? '+' : ''}${stem.gainDb.toFixed(1)}`);
  return [stem.name.padEnd(14), loudness.padStart(11), peak.padStart(16), gain.padStart(19)].join(' ').trimEnd();
}

function parcelLines({ encoding, links, left }: ResultParcel, wanted: StemFormat | null, language: Language): string[] {
  const { card } = wordsOf(language);
  const lines: string[] = [];
  if (encoding !== null && wanted !== null && isSmaller(encoding, wanted)) {
    lines.push(card.sentSmaller(encodingName(encoding), wanted));
  }
  const [firstToEnd] = links.map(({ expiresAt }) => expiresAt).toSorted();
  if (firstToEnd !== undefined) {
    lines.push(card.linksUntil(dayOf(new Date(firstToEnd), language)));
  }
  if (left.length > 0) {
    lines.push(card.left(left.join(', ')));
  }
  return lines;
}

function isSmaller({ format, kbps }: Encoding, wanted: StemFormat): boolean {
  return format !== wanted || (kbps !== null && kbps < FULL_KBPS[wanted]);
}

/** `mp3 192 kbit/s`, `flac`. */
function encodingName({ format, kbps }: Encoding): string {
  return kbps === null ? format : `${format} ${String(kbps)} kbit/s`;
}
