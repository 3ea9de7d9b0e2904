/** What a modal may hold: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal */
import { z } from 'zod';
import { COMPONENT_TYPES, componentNumber, customId, textDisplay, textMenu } from './message-components.ts';

const TEXT_LETTERS = 4000;

const textInput = z.object({
  type: z.literal(COMPONENT_TYPES.textInput),
  ...componentNumber,
  custom_id: customId,
  style: z.union([z.literal(1), z.literal(2)]),
  label: z.string().min(1).max(45).nullish(),
  value: z.string().max(TEXT_LETTERS).nullish(),
  placeholder: z.string().max(100).nullish(),
  required: z.boolean().nullish(),
  min_length: z.int().min(0).max(TEXT_LETTERS).nullish(),
  max_length: z.int().min(1).max(TEXT_LETTERS).nullish(),
});

const fileUpload = z.object({
  type: z.literal(COMPONENT_TYPES.fileUpload),
  ...componentNumber,
  custom_id: customId,
  min_values: z.int().min(0).max(10).nullish(),
  max_values: z.int().min(1).max(10).nullish(),
  required: z.boolean().nullish(),
});

/** The older way: the input has its label itself. */
const row = z.object({
  type: z.literal(COMPONENT_TYPES.row),
  ...componentNumber,
  components: z.tuple([textInput.extend({ label: z.string().min(1).max(45) })]),
});

const label = z.object({
  type: z.literal(COMPONENT_TYPES.label),
  ...componentNumber,
  label: z.string().min(1).max(45),
  description: z.string().min(1).max(100).nullish(),
  component: z.discriminatedUnion('type', [
    textInput,
    textMenu.extend({ required: z.boolean().nullish() }),
    fileUpload,
  ]),
});

export const modalSchema = z
  .object({
    custom_id: customId,
    title: z.string().min(1).max(45),
    components: z
      .array(z.discriminatedUnion('type', [row, label, textDisplay]))
      .min(1)
      .max(5),
  })
  .superRefine(({ components }, context) => {
    const ids = components.flatMap((component) => fieldOf(component)?.custom_id ?? []);
    if (new Set(ids).size < ids.length) {
      const params = { code: 'COMPONENT_CUSTOM_ID_DUPLICATED' };
      const message = 'Component custom id cannot be duplicated';
      context.addIssue({ code: 'custom', path: ['components', 0], message, params });
    }
  });

export type Modal = z.output<typeof modalSchema>;
export type ModalField = z.output<typeof label>['component'];

/** What a person fills in there; null: it is only read. */
export function fieldOf(component: Modal['components'][number]): ModalField | null {
  switch (component.type) {
    case COMPONENT_TYPES.row:
      return component.components[0];
    case COMPONENT_TYPES.label:
      return component.component;
    case COMPONENT_TYPES.text:
      return null;
  }
}

/** What stands above it. */
export function labelOf(component: Modal['components'][number]): string {
  if (component.type === COMPONENT_TYPES.row) return component.components[0].label;
  return component.type === COMPONENT_TYPES.label ? component.label : '';
}
