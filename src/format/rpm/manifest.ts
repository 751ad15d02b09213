import { isToken, type RpmHeader } from './header.ts';
import { type Damage, maxPackages, noteTooMany } from './pages.ts';

/** The longest line that is read, in bytes. */
const maxLine = 16_384;
const newline = 10;
const fieldCount = 10;

/**
 * The packages in `container-manifest-2`, which the distroless images of CBL-Mariner and Azure Linux carry in place of
 * a package database (azurelinux, toolkit/docs/how_it_works/5_misc.md): a line a package, with the fields name,
 * version-release, install time, build time, vendor, epoch, size, architecture, epoch as a number, source package.
 */
export function* readManifest(bytes: Buffer, damage: Damage): Generator<RpmHeader, void, undefined> {
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(newline, at);
    const end = found < 0 ? bytes.length : found;
    if (++count > maxPackages) {
      noteTooMany(damage);
      return;
    }
    const header = end - at <= maxLine ? readLine(bytes.toString('utf8', at, end)) : undefined;
    if (header !== undefined) {
      yield header;
    } else if (end > at) {
      damage('rpm/line-damaged', `the line at byte ${at} of the package manifest can't be read`);
    }
    at = end + 1;
  }
}

function readLine(line: string): RpmHeader | undefined {
  const fields = line.split('\t', fieldCount + 1);
  if (fields.length !== fieldCount) return undefined;
  const [name, full] = fields;
  const dash = full === undefined ? -1 : full.lastIndexOf('-');
  if (!isToken(name) || !isToken(full) || dash <= 0 || dash === full.length - 1) return undefined;
  const epoch = readEpoch(fields[8]);
  if (epoch === undefined) return undefined;
  const vendor = known(fields[4]);
  const arch = known(fields[7]);
  const sourceRpm = known(fields[9]);
  return {
    name,
    version: full.slice(0, dash),
    release: full.slice(dash + 1),
    epoch,
    ...(vendor && { vendor }),
    ...(arch && { arch }),
    ...(sourceRpm && { sourceRpm }),
  };
}

function readEpoch(text: string | undefined): number | undefined {
  if (text === '(none)') return 0;
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** rpm prints `(none)` for a tag that a package does not have. */
function known(text: string | undefined): string | undefined {
  return text === undefined || text === '(none)' ? undefined : text;
}
