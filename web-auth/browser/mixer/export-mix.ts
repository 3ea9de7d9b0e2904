/** The dialog that makes a file of the mix as it is set. */
import { find, findAs } from './elements.ts';
import { followServer } from './server-events.ts';

export interface ExportOptions {
  /** Of the mixer's routes. */
  readonly base: string;
  readonly query: string;
  readonly gains: () => Readonly<Record<string, number>>;
}

const FAILED = 'The file could not be made. Try again in a minute.';
const OFFLINE = 'The server did not answer. Try again.';

export function openExport({ base, query, gains }: ExportOptions): void {
  const opener = document.querySelector<HTMLButtonElement>('#export');
  if (opener === null) return;
  const dialog = findAs(HTMLDialogElement, '#export-dialog');
  const make = findAs(HTMLButtonElement, '#export-make');
  const take = findAs(HTMLAnchorElement, '#export-take');
  const progress = findAs(HTMLProgressElement, '#export-progress');
  const said = find('#export-said');
  const format = findAs(HTMLSelectElement, '#format');
  let stop = (): void => undefined;

  function show(sentence: string, fraction: number | null): void {
    said.textContent = sentence;
    progress.hidden = fraction === null;
    progress.value = fraction ?? 0;
    make.disabled = fraction !== null;
  }

  function reset(): void {
    stop();
    take.hidden = true;
    make.hidden = false;
    show('', null);
  }

  async function start(): Promise<void> {
    reset();
    show('Asking …', 0);
    const answer = await fetch(`${base}/export${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ gains: gains(), format: format.value }),
    });
    const told = (await answer.json()) as { readonly id?: string; readonly message?: string };
    if (told.id === undefined) {
      show(told.message ?? FAILED, null);
      return;
    }
    stop = followServer(`${base}/events${query}&mix=${told.id}`, ({ mix }) => {
      if (mix === null || mix.state === 'failed') show(FAILED, null);
      else if (mix.href === null) show('Making the file …', mix.fraction);
      else {
        show('It is ready.', null);
        take.href = mix.href;
        take.hidden = false;
        make.hidden = true;
        take.focus();
      }
    });
  }

  opener.addEventListener('click', () => {
    reset();
    dialog.showModal();
  });
  dialog.addEventListener('close', reset);
  format.addEventListener('change', reset);
  make.addEventListener('click', () => {
    start().catch(() => show(OFFLINE, null));
  });
}
