/** Discord's mark-up as a person reads it. */
import type { SeenButton } from '../core/conversation.ts';

/** Names for what mentions only number. */
export interface Names {
  person(id: string): string | null;
  role(id: string): string | null;
  channel(id: string): string | null;
}

export interface ReadText {
  readonly text: string;
  /** What stands behind words. */
  readonly links: readonly SeenButton[];
}

/** In the order in which Discord's clients look for them at each place. */
const PIECES = new RegExp(
  [
    /```(?:[\w+-]+\n)?(?<block>[\s\S]+?)\n?```/u,
    /``(?<code2>[\s\S]+?)``/u,
    /`(?<code>[^`]+)`/u,
    /\\(?<escaped>[^\p{L}\p{N}\s])/u,
    /<@!?(?<person>\d+)>/u,
    /<@&(?<role>\d+)>/u,
    /<#(?<channel>\d+)>/u,
    /<a?(?<emoji>:\w+:)\d+>/u,
    /<t:(?<unix>-?\d{1,13})(?::[tTdDfFR])?>/u,
    /<(?<command>\/[^:<>\n]+):\d+>/u,
    /<(?<bareLink>https?:\/\/[^\s<>]+)>/u,
    /\[(?<label>[^\]\n]+)\]\(<?(?<target>https?:\/\/[^\s)<>]+)>?(?:\s+"[^"\n]*")?\)/u,
    /(?<link>https?:\/\/[^\s<]*[^\s<.,:;"')\]])/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);
const EMPHASIS: readonly RegExp[] = [
  /\*\*\*(?=\S)([\s\S]*?\S)\*\*\*/gu,
  /\*\*(?=\S)([\s\S]+?)\*\*(?!\*)/gu,
  /__(?=\S)([\s\S]+?)__(?!_)/gu,
  /\*(?=\S)([^*]*?\S)\*(?!\*)/gu,
  /(?<![\p{L}\p{N}_])_(?=\S)([^_]*?\S)_(?![\p{L}\p{N}_])/gu,
  /~~(?=\S)([\s\S]*?\S)~~/gu,
  /\|\|([\s\S]+?)\|\|/gu,
];
const [OPEN, CLOSE] = ['\u{f0000}', '\u{f0001}'];

export function readMarkdown(source: string, names: Names): ReadText {
  const links: SeenButton[] = [];
  const kept: string[] = [];
  // Out of the way of emphasis.
  const held = source.replace(PIECES, (...found: unknown[]) => {
    kept.push(readPiece(found.at(-1) as Piece, names, links));
    return `${OPEN}${String(kept.length - 1)}${CLOSE}`;
  });
  const lines = held
    .replaceAll(/^(?:#{1,3}|-#) +/gmu, '')
    .replaceAll(/^>>> /gmu, '')
    .replaceAll(/^> /gmu, '')
    .replaceAll(/^(\s*)[-*] +/gmu, '$1• ');
  const plain = EMPHASIS.reduce((before, mark) => before.replace(mark, '$1'), lines);
  const text = plain.replaceAll(/\u{f0000}(\d+)\u{f0001}/gu, (_whole, index: string) => kept[Number(index)] ?? '');
  return { text, links };
}

type Piece = Readonly<Partial<Record<string, string>>>;

function readPiece(piece: Piece, names: Names, links: SeenButton[]): string {
  const { block, code2, code, escaped, person, role, channel, emoji, unix, command, bareLink, label, target, link } =
    piece;
  if (person !== undefined) return `@${names.person(person) ?? 'unknown-user'}`;
  if (role !== undefined) return `@${names.role(role) ?? 'unknown-role'}`;
  if (channel !== undefined) return `#${names.channel(channel) ?? 'unknown'}`;
  if (unix !== undefined) return new Date(Number(unix) * 1000).toISOString();
  if (label !== undefined && target !== undefined) {
    const { text } = readMarkdown(label, names);
    links.push({ label: text, customId: null, url: target });
    return text;
  }
  return block ?? code2 ?? code ?? escaped ?? emoji ?? command ?? bareLink ?? link ?? '';
}

export interface Mentioned {
  readonly people: readonly string[];
  readonly roles: readonly string[];
  readonly everyone: boolean;
}

/** Whom a text names. Code does not count; a backslash before it hides a mention from the eye only. */
export function mentionsIn(source: string): Mentioned {
  const text = source.replaceAll(/```[\s\S]+?```|``[\s\S]+?``|`[^`]+`/gu, ' ');
  const all = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, id = '']) => id))];
  return {
    people: all(/<@!?(\d+)>/gu),
    roles: all(/<@&(\d+)>/gu),
    everyone: /@(?:everyone|here)(?![\p{L}\p{N}_])/u.test(text),
  };
}
