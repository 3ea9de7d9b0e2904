/** In channels that workspaces share, whoever presses may be at home elsewhere; what is asked for is asked of the app's workspace. */
import type { ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';

const team = z.looseObject({ id: z.string() });
/** A press on a message or a page of ours: both say whose they are. */
const pressSchema = z.looseObject({
  type: z.literal('block_actions'),
  team: team.nullish(),
  message: z.looseObject({ bot_profile: z.looseObject({ team_id: z.string().optional() }).optional() }).optional(),
  view: z.looseObject({ app_installed_team_id: z.string().optional() }).optional(),
});
const eventSchema = z.looseObject({
  type: z.literal('event_callback'),
  team_id: z.string().optional(),
  authorizations: z.array(z.looseObject({ team_id: z.string().nullish() })).optional(),
});

/** The same, with the app's own workspace for its `team`. */
export function atHome(event: ReceiverEvent): ReceiverEvent {
  const press = pressSchema.safeParse(event.body).data;
  const home = press?.view?.app_installed_team_id ?? press?.message?.bot_profile?.team_id;
  if (press !== undefined && home !== undefined) {
    return { ...event, body: { ...event.body, team: { ...press.team, id: home } } };
  }
  const told = eventSchema.safeParse(event.body).data;
  const installed = told?.authorizations?.[0]?.team_id ?? null;
  return installed === null ? event : { ...event, body: { ...event.body, team_id: installed } };
}
