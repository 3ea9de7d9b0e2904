/**
 * Writes what the code says into README.md and Slack's manifest: `node tools/command-tables.ts`. `--check` only looks whether it stands
 * there.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { abilitiesTable } from '../bots/core/abilities-table.ts';
import { slackManifest } from '../bots/slack/manifest.ts';

const README = join(import.meta.dirname, '..', 'README.md');
const MANIFEST = join(import.meta.dirname, '..', 'bots', 'slack', 'manifest.json');
const BEGIN = '<!-- commands: written by tools/command-tables.ts -->';
const END = '<!-- /commands -->';

/** The text with the table between its markers. Thrown `RangeError` where there are none. */
export function withTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new RangeError(`there is no ${BEGIN} … ${END} in the text`);
  }
  return `${text.slice(0, begin)}${BEGIN}\n\n${abilitiesTable()}\n\n${text.slice(end)}`;
}

/** For one workspace, over Socket Mode: the one that needs no public address. */
export function manifestText(): string {
  return `${JSON.stringify(slackManifest(null), null, 2)}\n`;
}

/** @returns whether both files say what the code says */
export async function isUpToDate(): Promise<boolean> {
  const readme = await readFile(README, 'utf8');
  return withTable(readme) === readme && manifestText() === (await readFile(MANIFEST, 'utf8'));
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  if (values.check) {
    process.exitCode = (await isUpToDate()) ? 0 : 1;
  } else {
    await writeFile(README, withTable(await readFile(README, 'utf8')));
    await writeFile(MANIFEST, manifestText());
  }
}
