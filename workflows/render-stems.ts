/** The player's pack or a mix, for whoever wanted it in the browser. Its row says how far it is; a failure stands there too. */
import { isCancellation } from '@temporalio/workflow';
import type { MadeRendering, WantedRendering } from './contract/rendering.ts';
import type { Timing } from './contract/timing.ts';
import { reportFailure } from './failure-report.ts';
import { controlActivities, mediaActivities } from './proxies.ts';

export interface RenderStemsInput {
  readonly renderingId: string;
  readonly timing: Timing;
}

export async function renderStems({ renderingId, timing }: RenderStemsInput): Promise<void> {
  const control = controlActivities(timing);
  const wanted = await control.openRendering({ renderingId });
  if (wanted === null) {
    return;
  }
  let made: MadeRendering;
  try {
    made = await make(renderingId, wanted, timing);
  } catch (error) {
    if (isCancellation(error)) {
      throw error;
    }
    await control.failRendering({ renderingId, code: reportFailure(error).code });
    return;
  }
  await control.saveRendering({ renderingId, made });
}

async function make(renderingId: string, { recipe, stems }: WantedRendering, timing: Timing): Promise<MadeRendering> {
  const media = mediaActivities(timing);
  if (recipe.kind === 'player') {
    return await media.packPlayer({ renderingId, stems });
  }
  const { gains, format } = recipe;
  return await media.mixDown({ renderingId, stems, gains, format });
}
