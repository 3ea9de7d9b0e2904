/** The platform's time: it can run faster than ours and be put forward, so that a day's limits pass in a test. */

export interface EmulatedClock {
  /** Unix time of the platform, milliseconds. */
  nowMs(): number;
  /** Puts it forward, and runs what falls due by that. */
  advance(ms: number): void;
  /** Runs `task` once, `ms` of the platform's milliseconds from now. Does not keep the process alive. */
  after(ms: number, task: () => void): () => void;
  close(): void;
}

interface Alarm {
  readonly dueMs: number;
  readonly task: () => void;
  timer: NodeJS.Timeout | null;
}

/** @param speed how many of its seconds pass in one of ours */
export function createClock(speed = 1): EmulatedClock {
  if (!(speed > 0)) throw new RangeError(`a clock's speed must be above 0, not ${String(speed)}`);
  const startMs = Date.now();
  const startTick = performance.now();
  let skippedMs = 0;
  const alarms = new Set<Alarm>();
  const nowMs = (): number => startMs + (performance.now() - startTick) * speed + skippedMs;

  function arm(alarm: Alarm): void {
    if (alarm.timer !== null) clearTimeout(alarm.timer);
    alarm.timer = setTimeout(() => ring(alarm), Math.max(0, Math.ceil((alarm.dueMs - nowMs()) / speed)));
    alarm.timer.unref();
  }

  /** Timers may go off a little early, which at a high speed is much. */
  function ring(alarm: Alarm): void {
    if (nowMs() < alarm.dueMs) {
      arm(alarm);
      return;
    }
    alarms.delete(alarm);
    alarm.task();
  }

  return {
    nowMs,
    advance(ms) {
      skippedMs += ms;
      for (const alarm of alarms) arm(alarm);
    },
    after(ms, task) {
      const alarm: Alarm = { dueMs: nowMs() + ms, task, timer: null };
      alarms.add(alarm);
      arm(alarm);
      return () => {
        if (alarm.timer !== null) clearTimeout(alarm.timer);
        alarms.delete(alarm);
      };
    },
    close() {
      for (const { timer } of alarms) if (timer !== null) clearTimeout(timer);
      alarms.clear();
    },
  };
}
