/** The whole environment of this process, for a child that is a process of this project and reads its configuration as we did. */
export function ownEnvironment(changes: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), ...changes };
}
