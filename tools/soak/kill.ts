/** SIGKILL, and what becomes of the children of whom it hits. */
import type { Family } from '../../stack/family.test-kit.ts';

export interface Killed {
  /** Its children that lived two seconds longer, as command lines. */
  readonly orphans: Promise<readonly string[]>;
}

/** Null where it had just ended by itself. */
export function kill(family: Family, pid: number): Killed | null {
  const children = below(family, pid);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return null;
  }
  return { orphans: family.survivorsOf(children) };
}

function below(family: Family, pid: number): ReturnType<Family['living']> {
  const found = new Set([pid]);
  const children = [];
  // Parents stand before their children.
  for (const entry of family.living()) {
    if (!found.has(entry.parent)) continue;
    found.add(entry.pid);
    children.push(entry);
  }
  return children;
}
