/** Songs as one types, and how far jobs are: the same page is asked for again, and what it shows of results takes the place of the old. */
const TYPING_MS = 200;
const REFRESH_MS = 4000;

const input = document.querySelector<HTMLInputElement>('#q');
let underWay: AbortController | null = null;
let typing: ReturnType<typeof setTimeout> | undefined;

async function show(url: string): Promise<void> {
  underWay?.abort();
  underWay = new AbortController();
  const answer = await fetch(url, { signal: underWay.signal, redirect: 'error' });
  if (!answer.ok) throw new Error(`status ${String(answer.status)}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('#results');
  const old = document.querySelector('#results');
  if (fresh === null || old === null) throw new Error('a page without results');
  old.replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new Event('results'));
}

function addressFor(search: string): string {
  const address = new URL(location.href);
  address.searchParams.delete('before');
  if (search === '') address.searchParams.delete('q');
  else address.searchParams.set('q', search);
  address.hash = '';
  return address.href;
}

input?.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    typing = undefined;
    const address = addressFor(input.value.trim());
    show(address).then(
      () => history.replaceState(null, '', address),
      // A newer search is under way, or there is no connection: the button still searches.
      () => undefined,
    );
  }, TYPING_MS);
});

/** Not while somebody has something open in it, which would be closed under their hand. */
function mayRefresh(results: Element): boolean {
  return (
    !document.hidden && results.querySelector('details[open]') === null && !results.contains(document.activeElement)
  );
}

setInterval(() => {
  const results = document.querySelector('#results[data-running]');
  if (results !== null && mayRefresh(results) && typing === undefined) void show(location.href).catch(() => undefined);
}, REFRESH_MS);

document.addEventListener('click', ({ target }) => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>('details.more[open]')) {
    if (!(target instanceof Node && open.contains(target))) open.open = false;
  }
});
document.addEventListener('keydown', ({ key }) => {
  const open = key === 'Escape' ? document.querySelector<HTMLDetailsElement>('details.more[open]') : null;
  if (open === null) return;
  open.open = false;
  open.querySelector('summary')?.focus();
});
