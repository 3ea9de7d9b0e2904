/** Times as the reader's own clock and language say them: `<time datetime="…" data-local>`. */
const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-local]')) {
  const at = new Date(element.dateTime);
  if (!Number.isNaN(at.getTime())) element.textContent = FORMAT.format(at);
}
