/** Longest title that is shown or stored, in characters as a person counts them. */
export const LONGEST_TITLE = 80;

// Written as escapes: the characters themselves would be invisible here.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SPACES = /\s+/gu;

/**
 * Makes a name that came from outside (file name, tag, link) fit for display: one line, no control, formatting or
 * direction-changing characters, at most 80 characters. It is not escaped: each platform escapes what it shows.
 * Returns `untitled` where nothing is left. Never use the result as a path.
 */
export function displayTitle(raw: string): string {
  // A hostile name may be megabytes long; 4 KiB hold more than 80 characters of anything.
  const line = raw
    .slice(0, 4096)
    .normalize('NFC')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .replace(SPACES, ' ')
    .trim();
  let title = '';
  let length = 0;
  let marks = 0;
  for (const character of line) {
    // A base letter may carry any number of combining marks, which would paint over the lines around it.
    marks = /^\p{M}$/u.test(character) ? marks + 1 : 0;
    if (marks > 3) continue;
    length += 1;
    if (length > LONGEST_TITLE)
      return `${[...title]
        .slice(0, LONGEST_TITLE - 1)
        .join('')
        .trimEnd()}…`;
    title += character;
  }
  return title === '' ? 'untitled' : title;
}

/** The last part of a path or URL path of either kind of slash, without its extension, as a title. */
export function titleFromFileName(name: string): string {
  const last =
    name
      .slice(-4096)
      .split(/[/\\]/u)
      .findLast((part) => part.trim() !== '') ?? '';
  return displayTitle(last.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/u, ''));
}
