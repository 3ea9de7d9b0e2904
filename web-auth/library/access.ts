/** Who may look at a song: members of its band, and whoever has a link that was shared. */
import { createBandLibrary } from '../../db/band-library.repository.ts';
import { createRecordingShares } from '../../db/recording-shares.repository.ts';
import type { RecordingView } from '../../db/recording-view.ts';
import type { WebContext, WebDeps } from '../web.ts';

export interface SongAccess {
  readonly recording: RecordingView;
  /** Null for whoever came by a shared link. */
  readonly memberId: string | null;
  /** Null for members. */
  readonly shareId: string | null;
  /** Members of the song's band. */
  readonly canEdit: boolean;
}

/** Null: there is nothing for this one to see, and nothing is said about why. */
export type ResolveSong = (context: WebContext) => Promise<SongAccess | null>;

/** By the `:id` of the path. */
export function memberAccess({ database }: Pick<WebDeps, 'database'>): ResolveSong {
  const library = createBandLibrary(database);
  return async (context) => {
    const memberId = context.get('visitor')?.memberId;
    if (memberId === undefined) return null;
    const recording = await library.recordingFor(memberId, context.req.param('id') ?? '');
    return recording === null ? null : { recording, memberId, shareId: null, canEdit: true };
  };
}

/** By the `:token` of the path. Chats that preview the page are told the title where whoever shared it wanted that. */
export function sharedAccess({ database }: Pick<WebDeps, 'database'>): ResolveSong {
  const shares = createRecordingShares(database);
  return async (context) => {
    const shared = await shares.open(context.req.param('token') ?? '');
    if (shared === null) return null;
    const { recording, shareId, showsTitle } = shared;
    context.set('previewTitle', showsTitle ? recording.title : null);
    return { recording, memberId: null, shareId, canEdit: false };
  };
}
