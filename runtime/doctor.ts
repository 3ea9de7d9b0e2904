// Looks at every part that Woodshed needs and says, for each that is missing, the command that mends it.

export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
  /** A command, or what to do; also where a part works and could be better. */
  readonly mend?: string;
}

export interface Check {
  readonly name: string;
  run(): Promise<Finding>;
}

async function look(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}

/** The lines of one part: `[OK] name: detail`, or `[--] name: detail` and what mends it. */
export function describeFinding(name: string, { ok, detail, mend }: Finding): string[] {
  const lines = detail.split('\n');
  const said = [`${ok ? '[OK]' : '[--]'} ${name}: ${lines[0] ?? ''}`, ...lines.slice(1).map((line) => `     ${line}`)];
  return mend === undefined ? said : [...said, `     ${ok ? 'better' : 'mend'}: ${mend}`];
}

/**
 * Runs the checks side by side and writes their findings in their order.
 *
 * @param write takes one line at a time.
 * @returns whether every part is there.
 */
export async function examine(checks: readonly Check[], write: (line: string) => void): Promise<boolean> {
  let allOk = true;
  const running = checks.map((check) => ({ name: check.name, finding: look(check) }));
  for (const { name, finding } of running) {
    const found = await finding;
    allOk &&= found.ok;
    for (const line of describeFinding(name, found)) write(line);
  }
  return allOk;
}
