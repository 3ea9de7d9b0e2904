/** Woodshed itself beside the room: `woodshed.ts start` as a child, with a data folder of its own and one platform's bot, which knows the emulator only. */
import { join } from 'node:path';
import { startChild } from '../../runtime/child.ts';
import type { RunningChild } from '../../runtime/child.ts';
import { toolEnvironment } from '../../runtime/tool-environment.ts';
import type { StackTeller } from './stack-state.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Its servers and workers stop one after the other. */
const STOP_GRACE_MS = 60_000;
/** Of its lines the last ones are shown when it ends. */
const KEPT_LINES = 12;

export interface HouseChildOptions {
  readonly dataDir: string;
  readonly cacheDir: string;
  /** The emulator's. */
  readonly botEnv: Readonly<Record<string, string>>;
  readonly stack: StackTeller;
}

/** A real database, store or token that the environment names is not for playing: only what is named here passes. */
export async function startHouseChild(options: HouseChildOptions): Promise<RunningChild> {
  const { stack } = options;
  const last: string[] = [];
  const onLine = (line: string): void => {
    const said = line.trim();
    if (said === '') return;
    last.push(said);
    last.splice(0, last.length - KEPT_LINES);
    // While it starts it says so, and indents what it does for that.
    const isStarting = /^\s|is starting/u.test(line);
    stack.tell(stack.state === 'starting' && !isStarting ? 'running' : stack.state, said);
  };
  const child = await startChild(process.execPath, [join(ROOT, 'woodshed.ts'), 'start'], {
    cwd: ROOT,
    env: {
      ...toolEnvironment(),
      // There is nobody to sign in with.
      WOODSHED_LINKING: 'never',
      ...options.botEnv,
      WOODSHED_DATA: options.dataDir,
      WOODSHED_CACHE: options.cacheDir,
    },
    killGraceMs: STOP_GRACE_MS,
    onStdoutLine: onLine,
    onStderrLine: onLine,
  });
  void child.exited.then(({ code, signal }) => {
    const why =
      code === 0 ? '' : `: ${last.find((line) => line.includes('Error')) ?? last.at(-1) ?? 'it said nothing'}`;
    stack.tell('ended', `Woodshed has stopped (${signal ?? `code ${String(code)}`})${why}`);
  });
  return child;
}
