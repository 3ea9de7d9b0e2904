/** The shape of the small schema files (`<platform>/listed.ts`) of what a platform takes and its machine-readable description lacks. */
import { z } from 'zod';
import type { ZodType } from 'zod';

export interface ListedCall {
  /** As the description would name it: `PATCH /channels/{channel_id}/messages/{message_id}`, `chat.update`, `sendMessage`. */
  readonly call: string;
  /** The documentation page that says so. */
  readonly page: string;
  /** Whether the description lacks the whole method: then these are all the parameters it takes. Else they are added to the known ones. */
  readonly whole: boolean;
  /**
   * By name; by dotted path for what stands inside a parameter (`data.tts`); `files[n]` for uploads. A parameter that the description
   * knows may stand here too: it is then held to both.
   */
  readonly parameters: Readonly<Record<string, ZodType>>;
}

/** A parameter that a form carries as JSON text and a JSON body may carry as it is. */
export function jsonText(schema: ZodType): ZodType {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      // The text itself then fails the schema, which says what was wanted.
      return value;
    }
  }, schema);
}

/** A number as a form carries it. */
export const formInteger: ZodType = z.union([z.int(), z.string().regex(/^-?\d+$/u)]);
/** A truth as a form carries it. */
export const formBoolean: ZodType = z.union([z.boolean(), z.enum(['true', 'false', '1', '0'])]);
