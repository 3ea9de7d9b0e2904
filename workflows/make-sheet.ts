/** From what somebody handed over to what is written down of it, made or found. */
import type { FactChanges, SongFacts } from './contract/analysis.ts';
import { titleFromFileName } from './contract/display-title.ts';
import type { DecodedRecording } from './contract/recording.ts';
import type { JobRequest, SheetCommand } from './contract/request.ts';
import type {
  AnalysisPlan,
  ChordsPlan,
  LyricsPlan,
  MadeAnalysis,
  SheetPlan,
  SheetResult,
  TabPlan,
} from './contract/sheets.ts';
import type { Timing } from './contract/timing.ts';
import { refuse } from './contract/failure.ts';
import { hearPart } from './hear-part.ts';
import { computeActivities, controlActivities, writeActivities } from './proxies.ts';
import { readSong, receiveSong } from './receive-song.ts';
import { resumeCompute } from './resume-compute.ts';

export interface PlannedSheet {
  readonly jobId: string;
  readonly plan: SheetPlan;
  readonly command: SheetCommand;
}

export interface WrittenSheet {
  readonly result: SheetResult;
  /** True where the band had it already. */
  readonly reused: boolean;
}

interface Song {
  readonly jobId: string;
  readonly recording: DecodedRecording;
  readonly timing: Timing;
}

export async function makeSheet(
  request: JobRequest,
  { jobId, plan, command }: PlannedSheet,
  timing: Timing,
): Promise<WrittenSheet> {
  const song: Song = { jobId, recording: await decodedSong(request, jobId, timing), timing };
  if (command.kind === 'analyze' && plan.kind === 'analysis') {
    return await writeAnalysis(song, plan, command.facts);
  }
  return { result: await writeSheet(song, plan, command), reused: false };
}

async function writeSheet(song: Song, plan: SheetPlan, command: SheetCommand): Promise<SheetResult> {
  if (command.kind === 'chords' && plan.kind === 'chords') {
    return await writeChords(song, plan, command.facts);
  }
  if (command.kind === 'lyrics' && plan.kind === 'lyrics') {
    return await writeLyrics(song, plan, command.given);
  }
  if (command.kind === 'tab' && plan.kind === 'tab') {
    return await writeTab(song, plan, command.facts);
  }
  return refuse('internal');
}

async function writeAnalysis(song: Song, plan: AnalysisPlan, changes: FactChanges): Promise<WrittenSheet> {
  const { jobId, recording, timing } = song;
  const { facts, made, reused } = await analyse(song, plan, changes);
  return { result: await controlActivities(timing).saveAnalysis({ jobId, plan, recording, facts, made }), reused };
}

async function writeChords(song: Song, plan: ChordsPlan, changes: FactChanges): Promise<SheetResult> {
  const { jobId, recording, timing } = song;
  const control = controlActivities(timing);
  const { facts, made: analysed } = await analyse(song, plan.analysis, changes);
  const { analysis } = analysed.blobs;
  const lyrics = await control.findLyrics({ jobId });
  const title = titleFromFileName(recording.title);
  const written = await writeActivities(timing).writeChords({ jobId, title, analysis, lyrics, options: plan.options });
  const made = { ...written, blobs: { analysis } };
  return await control.saveSheet({ jobId, recording, facts, written: { kind: 'chords', plan, made } });
}

async function writeLyrics(song: Song, plan: LyricsPlan, given: string | null): Promise<SheetResult> {
  const { jobId, recording, timing } = song;
  const { pcm } = await hearPart(song, plan.from, false);
  const { heard } = await resumeCompute(timing, () => listening(timing).hearWords({ jobId, pcm, given }));
  const title = titleFromFileName(recording.title);
  const { durationSeconds } = recording;
  const written = await writeActivities(timing).writeLyrics({ jobId, title, durationSeconds, heard });
  const made = { ...written, blobs: { heard } };
  return await controlActivities(timing).saveSheet({
    jobId,
    recording,
    facts: {},
    written: { kind: 'lyrics', plan, given, made },
  });
}

async function writeTab(song: Song, plan: TabPlan, changes: FactChanges): Promise<SheetResult> {
  const { jobId, recording, timing } = song;
  // A part is separated and heard after it, and a card's stages never go back.
  const { facts, made: analysed } = await analyse(song, plan.analysis, changes, 'read');
  const { analysis } = analysed.blobs;
  const { pcm, alone } = await hearPart(song, plan.from, plan.alone);
  const { heard } = await resumeCompute(timing, () => listening(timing).hearNotes({ jobId, pcm }));
  const title = titleFromFileName(recording.title);
  const { part, level, instrument } = plan;
  const hand = { part, level, instrument };
  const written = await writeActivities(timing).writeTab({ jobId, title, analysis, heard, plan: hand, alone });
  const made = { ...written, blobs: { heard, analysis } };
  return await controlActivities(timing).saveSheet({ jobId, recording, facts, written: { kind: 'tab', plan, made } });
}

/** Keeps what was said of the song, and says what it is made of: found, or found out. */
async function analyse(
  { jobId, recording, timing }: Song,
  plan: AnalysisPlan,
  changes: FactChanges,
  stage: 'read' | 'listen' = 'listen',
): Promise<{ readonly facts: SongFacts; readonly made: MadeAnalysis; readonly reused: boolean }> {
  const { facts, earlier } = await controlActivities(timing).openAnalysis({ jobId, plan, changes });
  const { networks } = plan;
  const input = { jobId, recording, facts, stage, ...(networks === undefined ? {} : { networks }) };
  const made = earlier ?? (await resumeCompute(timing, () => listening(timing).analyseRecording(input)));
  return { facts, made, reused: earlier !== null };
}

function listening(timing: Timing): ReturnType<typeof computeActivities> {
  return computeActivities(timing.computeHeartbeatSeconds);
}

/** What the band has decoded already is neither fetched nor decoded, nor does it take of its share again. */
async function decodedSong(request: JobRequest, jobId: string, timing: Timing): Promise<DecodedRecording> {
  const control = controlActivities(timing);
  const { source } = request.command;
  if (source.kind === 'earlier') {
    const known = await control.findSong({ jobId, song: { earlierJobId: source.jobId } });
    if (known !== null) {
      return known;
    }
  }
  const stored = await receiveSong(request, jobId, timing);
  return (
    (await control.findSong({ jobId, song: { sha256: stored.sha256 } })) ?? (await readSong(jobId, stored, timing))
  );
}
