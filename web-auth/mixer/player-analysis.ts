/** What a player is told of a song's beats and sections, out of its analysis. */
import { newestOf } from '../../db/recording-sheets.repository.ts';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { readWhole } from '../files/read-whole.ts';
import type { Look, MixerRoom } from './recording-routes.ts';

export interface PlayerAnalysis {
  readonly beatsSeconds: readonly number[];
  readonly downbeatsSeconds: readonly number[];
  readonly sections: readonly { readonly name: string; readonly fromSeconds: number; readonly toSeconds: number }[];
}

/** Four samples: finer than anybody hears, and short. */
const DECIMALS = 4;

/** The one by which this tab was written, else the newest; nothing where the song was not analysed. @param tabId of a sheet */
export async function analysisOf(
  room: Pick<MixerRoom, 'deps' | 'sheets'>,
  { recording, memberId, shareId }: Look,
  tabId?: string,
): Promise<Partial<PlayerAnalysis>> {
  const sheets = await room.sheets.list({ memberId, shareId }, recording.id);
  const tab = sheets.find(({ id }) => id === tabId);
  const blob = tab?.kind === 'tab' ? tab.made.blobs.analysis : newestOf(sheets, 'analysis')?.made.blobs.analysis;
  const bytes = blob === undefined ? null : await readWhole(room.deps.blobs, blob);
  if (bytes === null) return {};
  const { rhythm, sections } = JSON.parse(bytes.toString('utf8')) as SongAnalysis;
  return {
    beatsSeconds: (rhythm?.beatsSeconds ?? []).map(short),
    downbeatsSeconds: (rhythm?.downbeatsSeconds ?? []).map(short),
    sections: sections.map(({ letter, name, startSeconds, endSeconds }) => ({
      name: name ?? letter,
      fromSeconds: short(startSeconds),
      toSeconds: short(endSeconds),
    })),
  };
}

function short(seconds: number): number {
  return Number(seconds.toFixed(DECIMALS));
}
