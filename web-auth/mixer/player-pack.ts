/** The player's pack, as the browser gets it: what to fetch, how to draw it, how far it is while it is still made. */
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { PackedStem, PlayerPack } from '../../workflows/contract/rendering.ts';
import type { RenderingView } from '../../db/renderings.repository.ts';
import type { WebContext } from '../web.ts';
import { analysisOf } from './player-analysis.ts';
import type { Look, MixerRoom } from './recording-routes.ts';
import { songPack } from './song-pack.ts';

export interface Packs {
  /** @throws BlobMissingError where the store has lost it */
  read(made: RenderingView): Promise<PlayerPack>;
}

/** As the browser gets it: stems by their addresses. */
export interface BrowserPack extends Omit<PlayerPack, 'stems'> {
  readonly stems: readonly (Omit<PackedStem, 'blob'> & { readonly audio: string })[];
}

/** Manifests never change, and every range of audio needs one. */
const MOST_KEPT = 64;

export function createPacks(blobs: Pick<BlobStore, 'read'>): Packs {
  const kept = new Map<string, PlayerPack>();
  return {
    async read({ blob }) {
      if (blob === null) throw new RangeError('a rendering that is not made has no pack');
      const known = kept.get(blob.sha256);
      if (known !== undefined) return known;
      const pieces: Uint8Array[] = [];
      for await (const piece of blobs.read(blob.key)) pieces.push(piece);
      const pack = JSON.parse(Buffer.concat(pieces).toString()) as PlayerPack;
      const [oldest] = kept.size < MOST_KEPT ? [] : kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(blob.sha256, pack);
      return pack;
    },
  };
}

/** The pack of the separation that is looked at: begun now where nobody looked before. Null where there is no separation. */
export async function playerOf(room: MixerRoom, { separation, recording }: Look): Promise<RenderingView | null> {
  if (separation === null) return null;
  const { renderings, startRendering, deps } = room;
  const player = await renderings.want({ separationId: separation.id, recipe: { kind: 'player' } });
  if (player.state === 'making') {
    try {
      await startRendering(player.id, recording.bandId);
    } catch (error) {
      // The next look starts it again; the page shows that it is not there yet.
      deps.log.warn({ err: error }, 'a player could not be started');
    }
  }
  return player;
}

/** `GET …/player.json`: of the stems, or of the song itself where it has none; with what is known of its beats and sections. */
export async function wantPlayer(context: WebContext, room: MixerRoom, look: Look): Promise<Response> {
  const { recording, separation, base } = look;
  const player = await playerOf(room, look);
  const song = separation === null && recording.working !== null ? songPack(recording.working, base) : null;
  if (player === null && song === null) return context.notFound();
  context.header('Cache-Control', 'private, no-store');
  if (player !== null && player.state !== 'made') {
    const { state, fraction, failure } = player;
    return context.json({ state, fraction, failure });
  }
  const pack = song ?? (await stemsPack(room, look, player as RenderingView));
  const analysis = await analysisOf(room, look, context.req.query('tab'));
  return context.json({ state: 'made', title: recording.title, ...pack, ...analysis });
}

async function stemsPack(room: MixerRoom, { base, separation }: Look, player: RenderingView): Promise<BrowserPack> {
  const { stems, ...shape } = await room.packs.read(player);
  const query = `separation=${separation?.id ?? ''}`;
  return {
    ...shape,
    stems: stems.map(({ blob, ...stem }) => ({
      ...stem,
      // Named for its bytes, so that browsers may keep what they have.
      audio: `${base}/audio/${encodeURIComponent(stem.name)}?${query}&v=${blob.sha256.slice(0, 16)}`,
    })),
  };
}
