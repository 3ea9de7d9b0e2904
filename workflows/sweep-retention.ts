import type { Timing } from './contract/timing.ts';
import { controlActivities } from './proxies.ts';

/** Run by a schedule: deletes uploads after a day and results as each band's retention says. */
export async function sweepRetention({ timing }: { readonly timing: Timing }): Promise<number> {
  const control = controlActivities(timing);
  let total = 0;
  for (;;) {
    const { deleted } = await control.sweepExpired();
    total += deleted;
    if (deleted === 0) {
      return total;
    }
  }
}
