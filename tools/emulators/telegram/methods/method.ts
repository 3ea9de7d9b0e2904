/** What a method of the Bot API is, here. */
import type { Arguments } from '../arguments.ts';
import type { Emulation } from '../emulation.ts';
import type { NewFile } from '../file-store.ts';

export interface ApiCall {
  readonly args: Arguments;
  /** Uploaded files by the name of their form field. */
  readonly uploads: ReadonlyMap<string, NewFile>;
  /** Aborted when the bot has hung up. */
  readonly hungUp: AbortSignal;
}

/** @returns the `result` of the answer @throws ApiError for everything else */
export type Method = (emulation: Emulation, call: ApiCall) => unknown;
