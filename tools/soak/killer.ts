/** Kills rooms at random moments while songs are under way, and looks for children that outlived them. */
import { setTimeout as pause } from 'node:timers/promises';
import { watchFamily } from '../../stack/family.test-kit.ts';
import type { Family } from '../../stack/family.test-kit.ts';
import { WORKERS } from './soak-house.ts';
import type { RoomName, SoakHouse } from './soak-house.ts';
import type { Scale } from './scales.ts';

export interface Kills {
  readonly workers: number;
  readonly bots: number;
  /** Children of killed rooms that lived two seconds longer, as command lines. */
  readonly orphans: readonly string[];
}

export interface KillPlan {
  readonly house: SoakHouse;
  readonly scale: Scale;
  readonly bots: readonly RoomName[];
  readonly random: () => number;
  /** Share of all songs that have their result, 0 to 1: kills are spread over the whole run. */
  readonly progress: () => number;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

const LOOK_EVERY_MS = 100;

/** Ends when all kills are done, or with `signal`. */
export async function killRooms(plan: KillPlan): Promise<Kills> {
  const { scale, bots: botRooms, random } = plan;
  const family = watchFamily(process.pid, 500);
  const schedule = [
    ...Array.from({ length: scale.workerKills }, (_, index) => victim(WORKERS, index, scale.workerKills, random)),
    ...Array.from({ length: scale.botKills }, (_, index) => victim(botRooms, index, scale.botKills, random)),
  ].toSorted((a, b) => a.at - b.at);
  const orphans: string[] = [];
  const looks: Promise<void>[] = [];
  let workers = 0;
  let bots = 0;
  for (const { room, at } of schedule) {
    const pid = await livingRoom(plan, room, at);
    if (pid === null) break;
    // Not at the moment when it came up, nor always in the same step.
    await pause(random() * 400, undefined, { signal: plan.signal }).catch(() => undefined);
    const children = below(family, pid);
    if (!kill(pid)) continue;
    looks.push(family.survivorsOf(children).then((left) => void orphans.push(...left)));
    if (WORKERS.includes(room)) workers += 1;
    else bots += 1;
    plan.tell(`killed ${room} (${String(workers + bots)} of ${String(schedule.length)})`);
  }
  await Promise.all(looks);
  return { workers, bots, orphans };
}

/** Kills are spread from the first songs to nearly the last, so that what the last one broke is seen. */
function victim(
  rooms: readonly RoomName[],
  index: number,
  of: number,
  random: () => number,
): { readonly room: RoomName; readonly at: number } {
  return { room: rooms[Math.floor(random() * rooms.length)] as RoomName, at: ((index + random()) / of) * 0.95 };
}

/** Its pid, once its turn has come and it runs; null when the run is over before. */
async function livingRoom({ house, progress, signal }: KillPlan, room: RoomName, at: number): Promise<number | null> {
  for (;;) {
    const pid = house.pidOf(room);
    if (pid !== null && progress() >= at) return pid;
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return null;
  }
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    // It had just ended by itself.
    return false;
  }
}

function below(family: Family, pid: number): ReturnType<Family['living']> {
  const all = family.living();
  const found = new Set([pid]);
  const children = [];
  // Parents stand before their children.
  for (const entry of all) {
    if (!found.has(entry.parent)) continue;
    found.add(entry.pid);
    children.push(entry);
  }
  return children;
}
