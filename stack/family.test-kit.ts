/** All processes that come from one, at any depth, as the system's process table shows them. */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
  readonly startedAt: string;
  readonly command: string;
}

export interface Family {
  /** Living descendants now, deepest last. */
  living(): readonly Entry[];
  /** The pid of the living one whose command line contains `text`; null where there is none. */
  pidOf(text: string): number | null;
  /** Those of everybody ever seen who still live, once they have had two seconds to end. */
  survivors(): Promise<readonly string[]>;
  /** As `survivors`, of these alone. */
  survivorsOf(entries: readonly Entry[]): Promise<readonly string[]>;
  /** SIGKILL to all of them and to the first, by pid. */
  killAll(): void;
}

const LOOK_EVERY_MS = 25;
/** What the kernel and pipes that close may take to end a process. */
const LAST_BREATH_MS = 2000;

function readEntry(pid: number): Entry | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .replaceAll('\0', ' ')
      .trim();
    const zombie = fields[0] === 'Z' || fields[0] === 'X';
    return { pid, parent: Number(fields[1]), zombie, startedAt: fields[19] ?? '', command };
  } catch {
    // Gone between two looks.
    return null;
  }
}

function descendants(root: number): Entry[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/u.test(name) ? (readEntry(Number(name)) ?? []) : []));
  const found: Entry[] = [];
  let parents = new Set([root]);
  while (parents.size > 0) {
    const children = all.filter((entry) => parents.has(entry.parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found.filter(({ zombie }) => !zombie);
}

function lives({ pid, startedAt }: Entry): boolean {
  const now = readEntry(pid);
  return now !== null && !now.zombie && now.startedAt === startedAt;
}

/** Watches until the first process has ended. */
export function watchFamily(root: number, lookEveryMs: number = LOOK_EVERY_MS): Family {
  const first = readEntry(root);
  const seen = new Map<string, Entry>();

  function living(): Entry[] {
    const entries = descendants(root);
    for (const entry of entries) {
      seen.set(`${String(entry.pid)} ${entry.startedAt}`, entry);
    }
    return entries;
  }

  const timer = setInterval(() => {
    living();
    if (first === null || !lives(first)) {
      clearInterval(timer);
    }
  }, lookEveryMs);
  timer.unref();

  async function survivorsOf(entries: readonly Entry[]): Promise<readonly string[]> {
    for (const deadline = Date.now() + LAST_BREATH_MS; ; await pause(20)) {
      const left = entries.filter(lives);
      if (left.length === 0 || Date.now() > deadline) {
        return left.map(({ pid, command }) => `${String(pid)} ${command}`);
      }
    }
  }

  return {
    living,
    pidOf: (text) => living().find(({ command }) => command.includes(text))?.pid ?? null,
    survivors: async () => await survivorsOf([...seen.values()]),
    survivorsOf,
    killAll() {
      // The first one first: it would start its children again.
      for (const { pid } of [...(first === null ? [] : [first]), ...living()]) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
            throw error;
          }
        }
      }
    },
  };
}
