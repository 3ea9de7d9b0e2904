/** The page of a song whose stems are still made: it says how far they are, and becomes the mixer when they are there. */
import { find, findAs } from './elements.ts';
import { followServer } from './server-events.ts';

const STAGES: Readonly<Record<string, string>> = {
  receive: 'The song is coming in.',
  read: 'The song is being read.',
  separate: 'The stems are being separated.',
  measure: 'The stems are being measured.',
  encode: 'The stems are being packed for the chat.',
  deliver: 'The stems are on their way to the chat.',
};

const waiting = find('#waiting');
if (waiting.dataset['running'] !== undefined) {
  const progress = findAs(HTMLProgressElement, '#progress');
  const said = find('#said');
  followServer(
    waiting.dataset['events'] ?? '',
    ({ jobs, player }) => {
      if (player !== null) location.reload();
      const job = jobs.find(({ state }) => state === 'queued' || state === 'running');
      if (job === undefined) return;
      progress.value = job.fraction;
      said.textContent = STAGES[job.stage ?? ''] ?? 'The song waits for its turn.';
    },
    () => location.reload(),
  );
}
