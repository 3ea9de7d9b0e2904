import { tuningName } from '../../workflows/contract/tunings.ts';

/** A tuning that is called by its notes is written as they are. */
export function tuningWords(tuning: readonly number[]): string {
  const name = tuningName(tuning);
  return /^[a-g]+$/u.test(name) ? name.toUpperCase() : name;
}
