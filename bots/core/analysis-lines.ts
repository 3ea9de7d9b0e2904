/** What a card says of an analysed song, in words. */
import { SURE } from '../../workflows/contract/analysis.ts';
import type { Guess, SongKey } from '../../workflows/contract/analysis.ts';
import { chordName } from '../../workflows/contract/chord-name.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';
import type { AnalysisResult, AnalysisSummary, RhythmSummary } from '../../workflows/contract/sheets.ts';
import { formatClock } from './format-clock.ts';
import type { AnalysisWords } from './words/analysis-words.ts';

const CONCERT_A_HZ = 440;
/** A song whose slowest and fastest bars are nearer than this keeps its time. */
const DRIFT_SHARE = 0.04;
/** Eighths that fall later than this are heard as swung. */
const SWUNG = 0.58;

/** @param how the command that says a tempo of this song */
export function analysisLines({ summary, facts }: AnalysisResult, words: AnalysisWords, how: string): string[] {
  const { rhythm, key } = summary;
  const isTempoSaid = facts.tempoBpm !== undefined || facts.tempoFactor !== undefined;
  return [
    ...(rhythm === null
      ? [words.noBeat(how)]
      : rhythmLines(rhythm, words, isTempoSaid, facts.beatsPerBar !== undefined)),
    key === null ? words.noKey : `${words.key(keyName(key, words))} ${trust(key, facts.key !== undefined, words)}`,
    chordLine(summary, words),
    ...formLines(summary, words),
    loudnessLine(summary, words),
    ...tuningLines(summary, words),
    ...guessLines(summary, words),
  ];
}

function rhythmLines(
  { tempoBpm, confidence, slowestBpm, fastestBpm, timeSignature, swing }: RhythmSummary,
  words: AnalysisWords,
  isTempoSaid: boolean,
  isMetreSaid: boolean,
): string[] {
  const drifts = fastestBpm - slowestBpm > DRIFT_SHARE * tempoBpm;
  const tempo = [
    words.tempo(bpmText(tempoBpm)),
    ...(drifts ? [words.drift(bpmText(slowestBpm), bpmText(fastestBpm))] : []),
    ...(swing !== null && swing > SWUNG ? [words.swung] : []),
  ].join(', ');
  const { beatsPerBar, beatUnit } = timeSignature;
  const metre = words.metre(`${String(beatsPerBar)}/${String(beatUnit)}`);
  return [
    `${tempo} ${trust({ confidence }, isTempoSaid, words)}`,
    `${metre} ${trust(timeSignature, isMetreSaid, words)}`,
  ];
}

/** `120` or `92.5`. */
function bpmText(bpm: number): string {
  return String(Math.round(bpm * 10) / 10);
}

/** Behind what was found, or said. */
export function trust({ confidence }: { readonly confidence: number }, isSaid: boolean, words: AnalysisWords): string {
  if (isSaid) return `(${words.asSaid})`;
  return `(${confidence < SURE ? words.notSure : words.sure(Math.round(confidence * 100))})`;
}

/** Such that it can be typed as it stands: a B beside a German mode would be read as B flat. */
export function keyName(
  { tonic, mode, otherMode = null }: NamedKey & { readonly otherMode?: SongKey['otherMode'] },
  { modes, naturalB }: AnalysisWords,
): string {
  return `${tonic === 'B' ? naturalB : tonic} ${modes[otherMode ?? mode]}`;
}

function chordLine({ chords }: AnalysisSummary, words: AnalysisWords): string {
  return chords.length === 0 ? words.noChords : words.chords(chords.map(chordName).join(', '));
}

/** One section is no form. */
function formLines({ sections }: AnalysisSummary, words: AnalysisWords): string[] {
  if (sections.length < 2) return [];
  const parts = sections.map(({ startSeconds, letter, name }) => {
    const named = name === null ? letter : `${letter} (${words.sections[name]})`;
    return `${formatClock(startSeconds)} ${named}`;
  });
  return [words.form(parts.join(' · '))];
}

function loudnessLine({ loudnessLufs, peakDbtp, loudnessRangeLu }: AnalysisSummary, words: AnalysisWords): string {
  return loudnessLufs === null || peakDbtp === null
    ? words.silent
    : words.loudness(tenths(loudnessLufs), tenths(peakDbtp), tenths(loudnessRangeLu ?? 0));
}

/** Never `-0.0`. */
function tenths(value: number): string {
  return (Math.round(value * 10) / 10 + 0).toFixed(1);
}

function tuningLines({ tuningCents }: AnalysisSummary, words: AnalysisWords): string[] {
  if (tuningCents === null) return [];
  const cents = Math.round(tuningCents);
  const hz = (CONCERT_A_HZ * 2 ** (tuningCents / 1200)).toFixed(1);
  return [words.tuning(hz, cents > 0 ? `+${String(cents)}` : cents)];
}

/** Of silence there is nothing to guess. */
function guessLines({ genre, mood, loudnessLufs }: AnalysisSummary, words: AnalysisWords): string[] {
  if (loudnessLufs === null) return [];
  const line = (guess: Guess | null, say: (label: string) => string): string =>
    guess === null
      ? say(words.notSure)
      : `${say(words.moods[guess.label] ?? guess.label)} ${trust(guess, false, words)}`;
  return [line(genre, words.genre), line(mood, words.mood)];
}
