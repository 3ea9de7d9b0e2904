/** From what somebody handed over to what is written down of it, made or found. */
import type { DecodedRecording } from './contract/recording.ts';
import type { AnalyzeCommand, JobRequest } from './contract/request.ts';
import type { SheetPlan, SheetResult } from './contract/sheets.ts';
import type { Timing } from './contract/timing.ts';
import { computeActivities, controlActivities } from './proxies.ts';
import { readSong, receiveSong } from './receive-song.ts';
import { resumeCompute } from './resume-compute.ts';

export interface PlannedSheet {
  readonly jobId: string;
  readonly plan: SheetPlan;
  readonly command: AnalyzeCommand;
}

export interface WrittenSheet {
  readonly result: SheetResult;
  /** True where the band had it already. */
  readonly reused: boolean;
}

export async function makeSheet(
  request: JobRequest,
  { jobId, plan, command }: PlannedSheet,
  timing: Timing,
): Promise<WrittenSheet> {
  const recording = await decodedSong(request, jobId, timing);
  const control = controlActivities(timing);
  const { facts, earlier } = await control.openAnalysis({ jobId, plan, changes: command.facts });
  const made =
    earlier ??
    (await resumeCompute(timing, () =>
      computeActivities(timing.computeHeartbeatSeconds).analyseRecording({ jobId, recording, facts }),
    ));
  const result = await control.saveAnalysis({ jobId, plan, recording, facts, made });
  return { result, reused: earlier !== null };
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
