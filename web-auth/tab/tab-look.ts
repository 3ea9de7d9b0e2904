/** Which tab of a song is looked at, and what is played beside it. */
import type { SheetView, SheetViewOf } from '../../db/recording-sheets.repository.ts';
import type { SeparationView } from '../../db/recording-view.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { SongAccess } from '../library/access.ts';
import type { WebContext } from '../web.ts';

export type TabView = SheetViewOf<'tab'>;

/** One look at a tab of a song. */
export interface TabLook extends SongAccess {
  /** Of the player's routes, with the base path before it. */
  readonly base: string;
  readonly separation: SeparationView | null;
  readonly sheets: readonly SheetView[];
  readonly tab: TabView;
}

/** The one that is asked for, else the newest of the part, else the newest. */
export function pickTab(context: WebContext, sheets: readonly SheetView[]): TabView | null {
  const tabs = sheets.filter((sheet): sheet is TabView => sheet.kind === 'tab');
  const { tab: id, part } = context.req.query();
  return tabs.find((tab) => tab.id === id) ?? tabs.find(({ made }) => made.summary.part === part) ?? tabs[0] ?? null;
}

/** The newest that has a stem by the tab's own name, else the newest. */
export function separationOf({ recording }: SongAccess, { made }: TabView): SeparationView | null {
  const { separations } = recording;
  const { part } = made.summary;
  return separations.find(({ stems }) => stems.some(({ name }) => name === part)) ?? separations[0] ?? null;
}

/** Null where nothing was written, as there was nothing to play. */
export function filesOf({
  made: { files },
}: TabView): { readonly document: StoredBlob; readonly score: StoredBlob } | null {
  const blobOf = (extension: string): StoredBlob | undefined =>
    files.find(({ fileName }) => fileName.endsWith(extension))?.blob;
  const [document, score] = [blobOf('.json'), blobOf('.gp')];
  return document === undefined || score === undefined ? null : { document, score };
}
