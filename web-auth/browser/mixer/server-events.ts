/** What the server tells while something goes on: jobs, the player, an export. The browser comes back by itself after a break. */

export interface Progress {
  readonly id: string;
  readonly state: 'making' | 'made' | 'failed';
  readonly fraction: number;
}

export interface ServerState {
  readonly jobs: readonly {
    readonly state: string;
    readonly stage: string | null;
    readonly fraction: number;
  }[];
  readonly player: Progress | null;
  readonly mix: (Progress & { readonly href: string | null }) | null;
}

/** @returns how to stop listening */
export function followServer(address: string, onState: (state: ServerState) => void, onEnd?: () => void): () => void {
  const source = new EventSource(address);
  source.addEventListener('state', ({ data }: MessageEvent<string>) => onState(JSON.parse(data) as ServerState));
  source.addEventListener('end', () => {
    source.close();
    onEnd?.();
  });
  return () => source.close();
}
