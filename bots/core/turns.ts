/** Begins work once all that was given before it for the same place has ended, however that ended; resolves or rejects as the work does. */
export type InTurn = <T>(place: string, work: () => Promise<T>) => Promise<T>;

/** Places do not wait for each other. */
export function createTurns(): InTurn {
  /** The last turn of each place in which there is one. */
  const turns = new Map<string, Promise<unknown>>();
  return async (place, work) => {
    const before = turns.get(place) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(work);
    turns.set(place, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(place) === turn) turns.delete(place);
    }
  };
}
