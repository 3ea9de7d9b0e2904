/** Slack's mark-up: what a person sees of it, and what their client makes of what they type. */
import type { Channel, Workspace } from './world.ts';

export interface Read {
  /** Mark-up applied, entities decoded, mentions by name. */
  readonly text: string;
  /** Whom it pings: people of the channel. */
  readonly pings: readonly string[];
}

const EVERYBODY = /^(?:channel|here|everyone)$/u;
const EMPHASIS = ['\\*', '_', '~'].map(
  (m) => new RegExp(`(?<![\\p{L}\\p{N}${m}])${m}(?=\\S)([^${m}\\n]*?\\S|\\S)${m}(?![\\p{L}\\p{N}${m}])`, 'gu'),
);

/** @param mrkdwn whether `*bold*` and the like are applied; links and mentions are anyway */
export function readMrkdwn(
  source: string,
  workspace: Workspace,
  channel: Pick<Channel, 'members'>,
  mrkdwn = true,
): Read {
  const pings = new Set<string>();
  const kept: string[] = [];
  // Out of the way of emphasis: addresses hold underscores.
  const held = source.replace(/<([^<>\n]+)>/gu, (_whole, inner: string) => {
    kept.push(readAngle(inner, workspace, channel, pings));
    return `\u{e000}${String(kept.length - 1)}\u{e001}`;
  });
  const applied = mrkdwn ? applyMarks(held) : held;
  const text = applied.replace(/\u{e000}(\d+)\u{e001}/gu, (_whole, index: string) => kept[Number(index)] ?? '');
  return { text: decode(text), pings: [...pings] };
}

/** With `parse: full` or `link_names`: names that are typed count, and nothing in angle brackets does. */
export function readNames(source: string, workspace: Workspace, channel: Pick<Channel, 'members'>): Read {
  const pings = new Set<string>();
  for (const [, name = ''] of source.matchAll(/(?<!\S)@([\w.-]+)/gu)) {
    if (EVERYBODY.test(name)) addEverybody(workspace, channel, pings);
    const person = workspace.people.values().find((one) => one.name === name);
    if (person !== undefined && channel.members.has(person.id)) pings.add(person.id);
  }
  return { text: decode(source), pings: [...pings] };
}

export function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function encode(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a client sends for what a person types: names become mentions, addresses links, the rest is escaped. `<@U…>` may be given too. */
export function writeTyped(text: string, workspace: Workspace): string {
  const names = new Map([...workspace.people.values()].map(({ id, name }) => [name.toLowerCase(), id]));
  names.set(workspace.botName.toLowerCase(), workspace.botUserId);
  const channels = new Map([...workspace.channels.values()].map(({ id, name }) => [name, id]));
  return text.replace(
    /(<@\w+>)|(https?:\/\/[^\s<>]+)|(?<!\S)@([\w.-]*\w)|(?<!\S)#([\w-]+)|[&<>]/gu,
    (whole, mention?: string, url?: string, name?: string, channelName?: string) => {
      if (mention !== undefined) return mention;
      if (url !== undefined) return `<${encode(url)}>`;
      if (name !== undefined) {
        if (EVERYBODY.test(name)) return `<!${name}>`;
        const id = names.get(name.toLowerCase());
        return id === undefined ? whole : `<@${id}>`;
      }
      if (channelName !== undefined) {
        const id = channels.get(channelName);
        return id === undefined ? whole : `<#${id}|${channelName}>`;
      }
      return encode(whole);
    },
  );
}

function applyMarks(text: string): string {
  return text
    .split(/```([\s\S]+?)```/u)
    .map((part, index) => (index % 2 === 1 ? part.replace(/^\n|\n$/gu, '') : applyInline(part)))
    .join('');
}

function applyInline(text: string): string {
  return text
    .split(/`([^`\n]+)`/u)
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const unquoted = part.replace(/^(?:&gt;|>) ?/gmu, '');
      return EMPHASIS.reduce((before, mark) => before.replace(mark, '$1'), unquoted);
    })
    .join('');
}

function readAngle(inner: string, workspace: Workspace, channel: Pick<Channel, 'members'>, pings: Set<string>): string {
  const [target, label] = split(inner);
  if (target.startsWith('@')) {
    const id = target.slice(1);
    const person = workspace.people.get(id);
    if (person !== undefined && channel.members.has(id)) pings.add(id);
    return `@${person?.realName ?? (id === workspace.botUserId ? workspace.botName : (label ?? id))}`;
  }
  if (target.startsWith('#')) return `#${workspace.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
  if (target.startsWith('!')) {
    const name = target.slice(1);
    if (!EVERYBODY.test(name)) return label ?? `<${inner}>`;
    addEverybody(workspace, channel, pings);
    return `@${name}`;
  }
  return label ?? target.replace(/^mailto:/u, '');
}

function split(inner: string): [string, string?] {
  const bar = inner.indexOf('|');
  return bar < 0 ? [inner] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

function addEverybody(workspace: Workspace, channel: Pick<Channel, 'members'>, pings: Set<string>): void {
  for (const member of channel.members) if (workspace.people.has(member)) pings.add(member);
}
