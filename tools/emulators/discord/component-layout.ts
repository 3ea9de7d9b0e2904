/** Reads a message's components as a whole: in what order they stand, what they say and show, and whether the message may have them. */
import type { StoredAttachment } from './attachment-store.ts';
import { invalidForm } from './discord-error.ts';
import { hasFlag } from './message.ts';
import type { MessageContent, Wire } from './message.ts';
import { COMPONENT_TYPES, MOST_COMPONENTS } from './message-components.ts';

const MOST_ROWS = 5;
/** Of all texts of a message together. */
const MOST_LETTERS = 4000;
const ATTACHMENT = 'attachment://';

/** All of them, as a person reads them: a section's button or picture comes after its texts. */
export function inOrder(components: readonly Wire[]): readonly Wire[] {
  return components.flatMap((component): readonly Wire[] => {
    const { components: inside = [], accessory } = component as { components?: readonly Wire[]; accessory?: Wire };
    return [component, ...inOrder(inside), ...(accessory === undefined ? [] : [accessory])];
  });
}

/** The texts that stand among the components. */
export function componentTexts(components: readonly Wire[]): readonly string[] {
  return inOrder(components)
    .filter(({ type }) => type === COMPONENT_TYPES.text)
    .map(({ content }) => String(content));
}

/** All that is said in a message and can call people: its content, or its components' texts. */
export function spokenText({ content, components }: Pick<MessageContent, 'content' | 'components'>): string {
  return [content, ...componentTexts(components)].filter((text) => text !== '').join('\n');
}

/** What people see of a message's attachments: with components v2, only those that a component shows. */
export function shownAttachments(message: MessageContent): readonly StoredAttachment[] {
  const { attachments, components } = message;
  if (!hasFlag(message, 'componentsV2')) return attachments;
  return inOrder(components)
    .flatMap(mediaUrls)
    .flatMap((url) => referenced(attachments, url) ?? []);
}

/** The one that `attachment://name` names. */
export function referenced(attachments: readonly StoredAttachment[], url: string): StoredAttachment | undefined {
  if (!url.startsWith(ATTACHMENT)) return undefined;
  return attachments.find(({ filename }) => filename === url.slice(ATTACHMENT.length));
}

function mediaUrls({ media, file, items }: Wire): readonly string[] {
  const all = [media, file, ...((items as readonly Wire[] | undefined) ?? []).map((item) => item['media'])];
  return all.flatMap((one) => (one === undefined ? [] : String((one as Wire)['url'])));
}

/** Gives numbers to those that have none, as Discord does. */
export function numbered(components: readonly Wire[]): readonly Wire[] {
  const taken = new Set(inOrder(components).map(({ id }) => id));
  let last = 0;
  const next = (): number => {
    do last += 1;
    while (taken.has(last));
    return last;
  };
  const number = (component: Wire): Wire => {
    const id = typeof component['id'] === 'number' && component['id'] > 0 ? component['id'] : next();
    const { components: inside, accessory } = component as { components?: readonly Wire[]; accessory?: Wire };
    return {
      ...component,
      id,
      ...(inside !== undefined && { components: inside.map(number) }),
      ...(accessory !== undefined && { accessory: number(accessory) }),
    };
  };
  return components.map(number);
}

/** @throws DiscordError 50035 where a message with these flags, words and files cannot have these components */
export function checkLayout(message: MessageContent): void {
  const { content, embeds, components, attachments } = message;
  const all = inOrder(components);
  const ids = all.flatMap(({ custom_id: id }) => (typeof id === 'string' ? id : []));
  if (new Set(ids).size < ids.length) {
    throw invalidForm(['components', 0], {
      code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
      message: 'Component custom id cannot be duplicated',
    });
  }
  if (!hasFlag(message, 'componentsV2')) return checkRows(components);
  for (const [name, isThere] of [['content', content !== ''] as const, ['embeds', embeds.length > 0] as const]) {
    if (!isThere) continue;
    const text = `The '${name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
    throw invalidForm([name], { code: 'BASE_TYPE_BAD', message: text });
  }
  if (all.length > MOST_COMPONENTS) throw tooMuch(MOST_COMPONENTS);
  const letters = componentTexts(components).reduce((sum, text) => sum + text.length, 0);
  if (letters > MOST_LETTERS) throw tooMuch(MOST_LETTERS);
  const lost = all
    .flatMap(mediaUrls)
    .find((url) => url.startsWith(ATTACHMENT) && referenced(attachments, url) === undefined);
  if (lost !== undefined) {
    throw invalidForm(['components'], { code: 'BASE_TYPE_BAD', message: `There is no attachment for ${lost}` });
  }
}

function checkRows(components: readonly Wire[]): void {
  const other = components.findIndex(({ type }) => type !== COMPONENT_TYPES.row);
  if (other >= 0) {
    const error = { code: 'UNION_TYPE_CHOICES', message: 'Value of field "type" must be one of (1,).' };
    throw invalidForm(['components', other, 'type'], error);
  }
  if (components.length > MOST_ROWS) throw tooMuch(MOST_ROWS);
}

function tooMuch(most: number): Error {
  const message = `Must be ${String(most)} or fewer in length.`;
  return invalidForm(['components'], { code: 'BASE_TYPE_MAX_LENGTH', message });
}
