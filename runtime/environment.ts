// Reads single names of the environment, and gathers what is wrong with them.

export interface EnvironmentReader {
  /** Null where the name is unset or empty, as everywhere here. */
  text(name: string): string | null;
  oneOf<T extends string>(name: string, choices: readonly T[]): T | null;
  wholeNumber(name: string): number | null;
  url(name: string, protocols: readonly string[]): string | null;
  /** `host:port`. */
  address(name: string): string | null;
  problem(sentence: string): void;
}

const ADDRESS = /^(?:\[[0-9a-f:]+\]|[a-z0-9._-]+):(\d{1,5})$/iu;

/** Values are never shown in `problems`: they may be secrets. */
export function createEnvironmentReader(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): EnvironmentReader {
  const text = (name: string): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  return {
    text,
    problem: (sentence) => void problems.push(sentence),
    oneOf(name, choices) {
      const value = text(name);
      if (value === null) return null;
      const choice = choices.find((candidate) => candidate === value);
      if (choice === undefined) problems.push(`${name} can be ${choices.join(', ')}`);
      return choice ?? null;
    },
    wholeNumber(name) {
      const value = text(name);
      if (value === null) return null;
      if (/^[1-9]\d{0,8}$/u.test(value)) return Number(value);
      problems.push(`${name} must be a whole number above 0`);
      return null;
    },
    url(name, protocols) {
      const value = text(name);
      if (value === null) return null;
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
      problems.push(`${name} must be an address that begins with ${protocols.map((part) => `${part}//`).join(' or ')}`);
      return null;
    },
    address(name) {
      const value = text(name);
      if (value === null) return null;
      const port = Number(ADDRESS.exec(value)?.[1] ?? 0);
      if (port > 0 && port < 65_536) return value;
      problems.push(`${name} must be host:port, such as localhost:7233`);
      return null;
    },
  };
}
