/** A package to update, with the version that it must have at least. */
export interface PackageUpdate {
  readonly name: string;
  readonly to: string;
}

/** Letters that names of packages have (deb-version(7), apk-package(5), rpm's naming), so that none is an option or more. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9+._@-]*$/;
const plainVersion = /^[A-Za-z0-9][A-Za-z0-9+._:~^-]*$/;

/**
 * The shell command by which a package manager updates packages; undefined where it is none that we know, or a name is no
 * name. `next` stands between the parts, such as a continued line. apk takes the lowest version as a condition; the
 * repositories of others drop a version when a newer one comes, so a version that is asked for by name breaks the build
 * one day, and the newest is taken.
 */
export function updateCommand(manager: string, updates: readonly PackageUpdate[], next: string): string | undefined {
  if (updates.length === 0 || updates.some(({ name, to }) => !plainName.test(name) || !plainVersion.test(to)))
    return undefined;
  const names = updates.map(({ name }) => name);
  switch (manager) {
    case 'apt':
      return [
        'apt-get update',
        `&& apt-get install -y --no-install-recommends --only-upgrade ${names.join(' ')}`,
        '&& rm -rf /var/lib/apt/lists/*',
      ].join(next);
    case 'apk':
      return `apk add --no-cache --upgrade ${updates.map(({ name, to }) => `'${name}>=${to}'`).join(' ')}`;
    case 'dnf':
    case 'dnf5':
    case 'microdnf':
    case 'yum':
    case 'tdnf': {
      const tool = manager === 'dnf5' ? 'dnf' : manager;
      const verb = manager === 'microdnf' || manager === 'tdnf' ? 'update' : 'upgrade';
      return [`${tool} -y ${verb} ${names.join(' ')}`, `&& ${tool} clean all`].join(next);
    }
    case 'zypper':
      return [`zypper --non-interactive update ${names.join(' ')}`, '&& zypper clean --all'].join(next);
    case 'pacman':
      // Updating some packages alone is not supported: what they need may be older than they expect.
      return 'pacman -Syu --noconfirm';
    default:
      return undefined;
  }
}
