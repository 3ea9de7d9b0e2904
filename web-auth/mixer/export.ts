/** `POST …/export`: the mix that somebody has set, as a file. What comes of it is told by the events. */
import { z } from 'zod';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { RenderingRecipe } from '../../workflows/contract/rendering.ts';
import { STEM_FORMATS } from '../../workflows/contract/request.ts';
import type { RenderingView } from '../../db/renderings.repository.ts';
import { createVisitors } from '../door/visitors.ts';
import type { WebContext } from '../web.ts';
import type { FileToLink, Look, MixerRoom } from './recording-routes.ts';

/** Faders end at +12 dB. */
const HIGHEST_GAIN = 4;
/** Levels that nobody hears apart are one mix. */
const GAIN_STEPS = 10_000;
const BODY = z.object({
  gains: z.record(z.string().max(100), z.number().min(0).max(HIGHEST_GAIN)),
  format: z.enum(STEM_FORMATS),
});
/** Of one member; each takes a processor for a while. */
const SHARE = { atOnce: 4, perMinute: 6, most: 10_000 };
const LONGEST_NAME = 50;

export function createExports(room: MixerRoom): (context: WebContext, look: Look) => Promise<Response> {
  const members = createVisitors(SHARE, () => performance.now());
  return async (context, look) => {
    const { recording, separation, memberId, canEdit } = look;
    if (memberId === null || !canEdit) {
      return context.json({ message: 'Only members of the band can export. Ask one of them.' }, 403);
    }
    const body = BODY.safeParse(await context.req.json().catch(() => null));
    if (!body.success || separation === null) return context.json({ message: 'This mix cannot be read.' }, 400);
    const { format } = body.data;
    const gains = Object.fromEntries(
      Object.entries(body.data.gains).map(([name, gain]) => [name, Math.round(gain * GAIN_STEPS) / GAIN_STEPS]),
    );
    const names = new Set(separation.stems.map(({ name }) => name));
    if (Object.keys(gains).some((name) => !names.has(name))) {
      return context.json({ message: 'This mix has a stem that the song has not.' }, 400);
    }
    if (Object.values(gains).every((gain) => gain === 0)) {
      return context.json({ message: 'Nothing would be heard. Turn a stem up first.' }, 400);
    }
    const visit = members.enter(memberId);
    if ('waitSeconds' in visit) {
      const message = `That were many exports. Try again in ${String(visit.waitSeconds)} seconds.`;
      return context.json({ message }, 429, { 'Retry-After': String(visit.waitSeconds) });
    }
    try {
      const recipe: RenderingRecipe = { kind: 'mix', gains, format };
      const mix = await room.renderings.want({ separationId: separation.id, recipe });
      const facts = { recording: recording.id, separation: separation.id, format };
      await room.deps.audit.note({ kind: 'recording.exported', memberId, bandId: recording.bandId, facts });
      if (mix.state === 'making') await room.startRendering(mix.id, recording.bandId);
      return context.json({ id: mix.id }, 202);
    } finally {
      visit.leave();
    }
  };
}

/** Under the song's name, short enough for a link. */
export function exportedFile({ recording }: Look, { recipe }: RenderingView, { key, sha256 }: StoredBlob): FileToLink {
  const format = recipe.kind === 'mix' ? recipe.format : 'json';
  const title = [...displayTitle(recording.title).replaceAll(/[\\/:*?"<>|]/gu, ' ')].slice(0, LONGEST_NAME).join('');
  return { key, sha256, fileName: `${title} (mix).${format}` };
}
