/**
 * Draws what stands on a terminal after a session, as an SVG: `node tools/pictures/terminal-picture.ts RECORDING OUT.svg`.
 * The recording is what `script -qc 'npm start' RECORDING` writes.
 */
import { readFile, writeFile } from 'node:fs/promises';

const FONT_SIZE = 14;
const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.43;
const PADDING = 20;

/** The lines that are left when every cursor movement and erasure of the recording has happened. */
export function screenLines(recording: string): string[] {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this reads
  for (const match of recording.matchAll(/\u001B\[([\d;?]*)([A-Za-z])|([\r\n])|([^\u001B\r\n]+)/gu)) {
    const [, parameter = '', command, control, text] = match;
    const count = Number(parameter === '' ? 1 : parameter);
    if (text !== undefined) {
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
      column += text.length;
    } else if (control === '\r') {
      column = 0;
    } else if (control === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (command === 'A') {
      row = Math.max(0, row - count);
    } else if (command === 'G') {
      column = count - 1;
    } else if (command === 'J') {
      lines[row] = (lines[row] ?? '').slice(0, column);
      lines.length = row + 1;
    } else if (command === 'K') {
      lines[row] = (lines[row] ?? '').slice(0, column);
    }
  }
  return lines.map((line) => line.trimEnd());
}

function svg(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH + 2 * PADDING;
  const height = lines.length * LINE_HEIGHT + 2 * PADDING;
  const rows = lines.map((line, index) => {
    const y = PADDING + index * LINE_HEIGHT + FONT_SIZE;
    return `<text x="${String(PADDING)}" y="${String(y)}" fill="${colourOf(line)}" xml:space="preserve">${escape(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(0)}" height="${String(height)}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, monospace" font-size="${String(FONT_SIZE)}">`,
    `<rect width="100%" height="100%" rx="10" fill="#14161b"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

/** What the person typed, what a card says, and everything else. */
function colourOf(line: string): string {
  if (line.startsWith('woodshed>')) {
    return '#8fd18b';
  }
  return /^[┌│└]/u.test(line) ? '#e6e2d8' : '#9aa3ad';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

if (import.meta.main) {
  const [recording = '', out = ''] = process.argv.slice(2);
  const lines = screenLines(await readFile(recording, 'utf8'));
  const start = lines.findIndex((line) => line.startsWith('Woodshed is starting'));
  await writeFile(out, svg(lines.slice(Math.max(0, start))));
}
