/** Sends on what Telegram wrote behind the `#`, and takes it out of the address. */
const form = document.querySelector<HTMLFormElement>('#back');
const word = document.querySelector('#word');
const result = new URLSearchParams(location.hash.slice(1)).get('tgAuthResult');
history.replaceState(null, '', location.pathname);

const field = form?.elements.namedItem('result');
if (form !== null && field instanceof HTMLInputElement && result !== null && result !== 'false') {
  field.value = result;
  form.submit();
} else if (word !== null) {
  word.textContent = 'Telegram did not say who you are. Start again from the page or the link.';
}
