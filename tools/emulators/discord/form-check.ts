/** Holds a body against a schema, and answers as Discord does where it does not fit. */
import type { ZodType, z } from 'zod';
import { invalidForms } from './discord-error.ts';
import type { FormError } from './discord-error.ts';

/** @throws DiscordError 50035 with every field that is wrong */
export function checkForm<T>(schema: ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidForms(result.error.issues.map((issue) => [issue.path, formError(issue)]));
}

function formError(issue: z.core.$ZodIssue): FormError {
  switch (issue.code) {
    case 'too_big':
      return { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${String(issue.maximum)} or fewer in length.` };
    case 'too_small':
      return { code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${String(issue.minimum)} or more in length.` };
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }
        : { code: 'BASE_TYPE_BAD', message: issue.message };
    case 'invalid_value':
      return { code: 'BASE_TYPE_CHOICES', message: 'Value is none of the choices.' };
    case 'custom':
      return { code: String(issue.params?.['code'] ?? 'BASE_TYPE_BAD'), message: issue.message };
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return { code: 'BASE_TYPE_BAD', message: issue.message };
  }
}
