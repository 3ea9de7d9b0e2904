/** Sends the chosen file in pieces; what broke off goes on with the first piece that is missing. */
import 'tus-js-client';
import type * as Tus from 'tus-js-client';

declare const tus: typeof Tus;

/** One piece; small enough to be through a slow line before anybody gives it up. */
const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRY_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];

function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new TypeError(`the page has no ${id}`);
  return element;
}

const room = document.getElementById('upload');
if (room !== null) open(room);

function open(place: HTMLElement): void {
  const input = find('file', HTMLInputElement);
  const progress = find('progress', HTMLProgressElement);
  const said = find('said', HTMLElement);
  const pause = find('pause', HTMLButtonElement);
  const { endpoint = '', most = '0' } = place.dataset;
  let upload: Tus.Upload | null = null;
  let isPaused = false;

  async function send(file: File): Promise<void> {
    if (file.size === 0 || file.size > Number(most)) {
      said.textContent =
        file.size === 0
          ? 'That file is empty.'
          : `That is ${String(Math.ceil(file.size / 1e6))} MB; at most ${String(Math.floor(Number(most) / 1e6))} MB are taken.`;
      return;
    }
    // The same file goes on; another one takes its place.
    const standing = await fetch(`${endpoint}/0`, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } });
    const length = Number(standing.headers.get('Upload-Length') ?? Number.NaN);
    if (standing.ok && length !== file.size) {
      await fetch(`${endpoint}/0`, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } });
    }
    progress.hidden = false;
    pause.hidden = false;
    said.textContent = 'On its way …';
    upload = new tus.Upload(file, {
      endpoint,
      uploadUrl: standing.ok && length === file.size ? `${endpoint}/0` : null,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_MS,
      storeFingerprintForResuming: false,
      metadata: { filename: file.name },
      onProgress(sent, total) {
        progress.value = total === 0 ? 0 : sent / total;
        said.textContent = `${megabytes(sent)} of ${megabytes(total)} MB`;
      },
      onSuccess() {
        progress.value = 1;
        pause.hidden = true;
        input.disabled = true;
        said.textContent = 'It is here. The stems come to the chat by themselves; you can close this page.';
      },
      onError() {
        pause.hidden = true;
        said.textContent = 'The connection is gone. Choose the same file again, and it goes on where it was.';
      },
    });
    upload.start();
  }

  function take(files: FileList | null | undefined): void {
    const [file] = files ?? [];
    if (file !== undefined && !input.disabled) {
      send(file).catch(() => {
        said.textContent = 'The page could not reach Woodshed. Try again in a moment.';
      });
    }
  }

  input.addEventListener('change', () => take(input.files));
  place.addEventListener('dragover', (event) => event.preventDefault());
  place.addEventListener('drop', (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files);
  });
  pause.addEventListener('click', () => {
    if (upload === null) return;
    isPaused = !isPaused;
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    if (isPaused) void upload.abort();
    else upload.start();
  });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
