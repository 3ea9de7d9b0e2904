/** Kills rooms at random moments while songs are under way, and looks for children that outlived them. */
import { kill } from './kill.ts';
import { restFor, untilTurn } from './moments.ts';
import type { Scale } from './scales.ts';
import type { Disturbed, Stage, UnderWay } from './scenario.ts';
import { WORKERS } from './soak-house.ts';
import type { RoomName } from './soak-house.ts';

/** Ends when all kills are done, or when all songs have their results. */
export async function killRooms(
  { house, random, family, tell }: Stage,
  { progress, signal }: UnderWay,
  scale: Pick<Scale, 'workerKills' | 'botKills'>,
): Promise<Disturbed> {
  const schedule = [
    ...victims(WORKERS, scale.workerKills, random),
    ...victims(house.bots, scale.botKills, random),
  ].toSorted((a, b) => a.at - b.at);
  const orphans: Promise<readonly string[]>[] = [];
  let workerKills = 0;
  let botKills = 0;
  for (const { room, at } of schedule) {
    const pid = await untilTurn(() => (progress() >= at ? house.pidOf(room) : null), signal);
    if (pid === null) break;
    // Not at the moment when it came up, nor always in the same step.
    await restFor(random() * 400, signal);
    const killed = kill(family, pid);
    if (killed === null) continue;
    orphans.push(killed.orphans);
    if (WORKERS.includes(room)) workerKills += 1;
    else botKills += 1;
    tell(`killed ${room} (${String(workerKills + botKills)} of ${String(schedule.length)})`);
  }
  const left = await Promise.all(orphans);
  return { orphans: left.flat(), figures: { kills: workerKills + botKills, workerKills, botKills }, unmet: [] };
}

/** All rooms as often, at moments that are spread from the first songs to nearly the last, so that what the last kill broke is seen. */
function victims(
  rooms: readonly RoomName[],
  kills: number,
  random: () => number,
): readonly { readonly room: RoomName; readonly at: number }[] {
  const first = Math.floor(random() * rooms.length);
  return Array.from({ length: kills }, (_, index) => ({
    room: rooms[(first + index) % rooms.length] as RoomName,
    at: ((index + random()) / kills) * 0.95,
  }));
}
