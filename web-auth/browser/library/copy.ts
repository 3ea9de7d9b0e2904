/** `data-copy` names the field that a button copies; `data-select` is marked as soon as it is entered. */
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  const field = document.getElementById(button.dataset['copy'] ?? '');
  if (!(field instanceof HTMLInputElement) || !('clipboard' in navigator)) continue;
  button.hidden = false;
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(field.value).then(
      () => {
        button.textContent = 'Copied';
      },
      () => field.select(),
    );
  });
}

for (const field of document.querySelectorAll<HTMLInputElement>('input[data-select]')) {
  field.addEventListener('focus', () => field.select());
}
