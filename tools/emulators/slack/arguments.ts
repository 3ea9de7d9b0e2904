/** A method's arguments, as a form carries them (all text) or as JSON does. */
import { isRecord } from '../core/described.ts';
import { SlackError, invalidArguments } from './slack-error.ts';

export interface Arguments {
  readonly given: Readonly<Record<string, unknown>>;
  /** Undefined where it is missing or empty. @throws SlackError `invalid_arguments` */
  text(name: string): string | undefined;
  /** @throws SlackError `invalid_arguments` */
  required(name: string): string;
  flag(name: string): boolean | undefined;
  integer(name: string, otherwise: number, least: number, most: number): number;
  /** What a form carries as JSON text. @param error the string for text that is no JSON */
  json(name: string, error?: string): unknown;
  record(name: string): Readonly<Record<string, unknown>> | undefined;
}

export function createArguments(given: Readonly<Record<string, unknown>>): Arguments {
  const args: Arguments = {
    given,
    text(name) {
      const value = given[name];
      if (value === undefined || value === null || value === '') return undefined;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      if (typeof value !== 'string') throw invalidArguments(`must be a string [json-pointer:/${name}]`);
      return value;
    },
    required(name) {
      const value = args.text(name);
      if (value === undefined) throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag(name) {
      const value = args.text(name);
      return value === undefined ? undefined : value === 'true' || value === '1';
    },
    integer(name, otherwise, least, most) {
      const value = args.text(name);
      if (value === undefined) return otherwise;
      const number = Number(value);
      if (!Number.isInteger(number) || number < least) throw invalidArguments(`${name} is not valid`);
      return Math.min(number, most);
    },
    json(name, error) {
      const value = given[name];
      if (value === undefined || value === null || value === '') return undefined;
      if (typeof value !== 'string') return value;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        throw error === undefined ? invalidArguments(`${name} is not JSON`) : new SlackError(error);
      }
    },
    record(name) {
      const value = args.json(name);
      if (value === undefined) return undefined;
      if (!isRecord(value)) throw invalidArguments(`must be an object [json-pointer:/${name}]`);
      return value;
    },
  };
  return args;
}
