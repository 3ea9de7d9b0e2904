/** How Woodshed itself is doing beside the room: `starting`, `running`, `ended`, and what it said last. */

export interface StackState {
  readonly state: 'starting' | 'running' | 'ended';
  readonly line: string;
  /** Grows with every change. */
  readonly version: number;
  watch(onChange: () => void): () => void;
}

export interface StackTeller extends StackState {
  tell(state: StackState['state'], line: string): void;
}

export function createStackState(): StackTeller {
  const watchers = new Set<() => void>();
  let [state, line, version]: [StackState['state'], string, number] = ['starting', 'Woodshed is starting …', 0];
  return {
    get state() {
      return state;
    },
    get line() {
      return line;
    },
    get version() {
      return version;
    },
    tell(nextState, nextLine) {
      state = nextState;
      line = nextLine;
      version += 1;
      for (const watcher of watchers) watcher();
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}
