/** Times as the reader's own clock and language say them: `<time datetime="…" data-local>`, with `data-local="day"` the day alone. */
const MINUTES = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const DAYS = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

function tell(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-local]')) {
    const at = new Date(element.dateTime);
    const format = element.dataset['local'] === 'day' ? DAYS : MINUTES;
    if (!Number.isNaN(at.getTime())) element.textContent = format.format(at);
  }
}

tell();
// Raised where a part of the page was asked for again.
document.addEventListener('results', tell);
