/** A modal that the bot opened, as a person fills it in and sends it. */
import type { Acted, PersonFile } from '../core/emulator.ts';
import type { Emulation } from './emulation.ts';
import { acted, interact } from './interact.ts';
import { INTERACTION_TYPES } from './interactions.ts';
import type { Wire } from './message.ts';
import { COMPONENT_TYPES } from './message-components.ts';
import { fieldOf, labelOf } from './modal-schema.ts';
import type { Modal, ModalField } from './modal-schema.ts';
import { wireAttachment } from './to-wire.ts';

export interface FilledModal {
  /** Of the command or press that the bot answered with the modal: `Acted.id`. Who did that fills it in. */
  readonly interactionId: string;
  /** By label or custom id: a text, or what is chosen, by label or value. A text that is not named keeps what the bot wrote there. */
  readonly values: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, readonly PersonFile[]>>;
}

/** @throws RangeError where there is no such modal, or a person's app would not let it be sent */
export function fillModal(emulation: Emulation, { interactionId, values, files = {} }: FilledModal): Acted {
  const { interactions, world, write } = emulation;
  const opener = interactions.byId(interactionId);
  const modal = opener?.modal ?? null;
  if (opener === null || modal === null) throw new RangeError(`interaction ${interactionId} has no open modal`);
  const channel = world.channels.get(opener.channelId);
  if (channel === undefined) throw new RangeError('the channel is gone');
  const unknown = [...Object.keys(values), ...Object.keys(files)].find((name) => !modal.components.some(isNamed(name)));
  if (unknown !== undefined) throw new RangeError(`"${modal.title}" has no field "${unknown}"`);

  const resolved: Record<string, Wire> = {};
  const attach = (file: PersonFile): string => {
    const attachment = emulation.attachments.add({ ...file, channelId: channel.id, isEphemeral: true });
    resolved[attachment.id] = wireAttachment(emulation.attachments, attachment);
    return attachment.id;
  };
  const components = modal.components.map((component, index): Wire => {
    const { type } = component;
    const id = component.id ?? index + 1;
    const field = fieldOf(component);
    if (field === null) return { type, id };
    const names = [labelOf(component), field.custom_id];
    const given = { text: named(values, names), files: named(files, names) ?? [] };
    const filled = {
      type: field.type,
      id: field.id ?? modal.components.length + index + 1,
      custom_id: field.custom_id,
      ...filledIn(labelOf(component), field, given, attach),
    };
    return type === COMPONENT_TYPES.row ? { type, id, components: [filled] } : { type, id, component: filled };
  });

  const source = channel.messages.get(opener.sourceMessageId ?? '');
  const data = {
    custom_id: modal.custom_id,
    components,
    ...(Object.keys(resolved).length > 0 && { resolved: { attachments: resolved } }),
  };
  const asked = interact(
    emulation,
    channel,
    { ...opener, type: INTERACTION_TYPES.modal, isMenu: false, sourceMessageId: source?.id ?? null },
    data,
    source === undefined ? {} : { message: write.whole(source) },
  );
  // It closes once the bot has answered; without an answer it stays, and may be sent again.
  void asked.answered.then((answer) => {
    if (answer !== null && opener.modal === modal) opener.modal = null;
  });
  return acted(emulation, channel, asked, opener.personId);
}

function isNamed(name: string): (component: Modal['components'][number]) => boolean {
  return (component) => {
    const field = fieldOf(component);
    return field !== null && (labelOf(component) === name || field.custom_id === name);
  };
}

function named<T>(given: Readonly<Record<string, T>>, names: readonly string[]): T | undefined {
  return names.map((name) => given[name]).find((one) => one !== undefined);
}

interface Given {
  readonly text: string | undefined;
  readonly files: readonly PersonFile[];
}

/** @returns its `value` or `values` */
function filledIn(
  label: string,
  field: ModalField,
  { text, files }: Given,
  attach: (file: PersonFile) => string,
): Wire {
  const isRequired = field.required !== false;
  if (field.type !== COMPONENT_TYPES.fileUpload && files.length > 0) throw new RangeError(`${label} takes no file`);
  switch (field.type) {
    case COMPONENT_TYPES.textInput: {
      const value = text ?? field.value ?? '';
      const least = Math.max(field.min_length ?? 0, isRequired ? 1 : 0);
      const most = field.max_length ?? 4000;
      const isLeftOut = value === '' && !isRequired;
      if (!isLeftOut && (value.length < least || value.length > most)) {
        throw new RangeError(`${label} has ${String(least)} to ${String(most)} letters`);
      }
      return { value };
    }
    case COMPONENT_TYPES.textMenu: {
      const chosen = field.options.find((option) => option.label === text || option.value === text);
      if (chosen === undefined && (text !== undefined || isRequired)) {
        throw new RangeError(`${label} is one of ${field.options.map((option) => option.label).join(', ')}`);
      }
      return { values: chosen === undefined ? [] : [chosen.value] };
    }
    case COMPONENT_TYPES.fileUpload: {
      const [least, most] = [isRequired ? (field.min_values ?? 1) : 0, field.max_values ?? 1];
      if (text !== undefined) throw new RangeError(`${label} takes files`);
      if (files.length < least || files.length > most) {
        throw new RangeError(`${label} takes ${String(least)} to ${String(most)} files`);
      }
      return { values: files.map(attach) };
    }
  }
}
