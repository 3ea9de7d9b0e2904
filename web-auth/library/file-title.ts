import type { RecordingView } from '../../db/recording-view.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';

/** How a song is called in names of files. Slashes and colons mean something to file systems. */
export function fileTitle({ title }: Pick<RecordingView, 'title'>): string {
  return displayTitle(title.replaceAll(/[\\/:*?"<>|]/gu, ' '));
}
