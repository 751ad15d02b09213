import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { isToken, type RpmHeader } from './header.ts';
import { type Damage, maxPackages, noteTooMany } from './pages.ts';

/**
 * The packages in `application-inventory.json`, which Bottlerocket carries in place of a package database: an object
 * whose `Content` lists an object a package, with `Name`, `Version`, `Release`, `Epoch`, `Architecture` and `Publisher`
 * as texts (Bottlerocket, `rpm2img`; older releases state no epoch).
 */
export function* readInventory(bytes: Buffer, damage: Damage): Generator<RpmHeader, void, undefined> {
  const content = contentOf(bytes);
  if (content === undefined) {
    damage('rpm/unreadable', 'the application inventory is no JSON object with a list of packages');
    return;
  }
  let count = 0;
  for (const item of content) {
    if (++count > maxPackages) {
      noteTooMany(damage);
      return;
    }
    const header = readItem(item);
    if (header !== undefined) yield header;
    else damage('rpm/line-damaged', `package ${count} of the application inventory can't be read`);
  }
}

function contentOf(bytes: Buffer): readonly unknown[] | undefined {
  try {
    return asArray(asRecord(parseJson(bytes))?.Content);
  } catch {
    return undefined;
  }
}

function readItem(item: unknown): RpmHeader | undefined {
  const fields = asRecord(item);
  const [name, version, release] = ['Name', 'Version', 'Release'].map((key) => asString(fields?.[key]));
  if (!isToken(name) || !isToken(version) || !isToken(release)) return undefined;
  const epoch = readEpoch(fields?.Epoch);
  if (epoch === undefined) return undefined;
  const arch = asString(fields?.Architecture);
  const vendor = asString(fields?.Publisher);
  return { name, version, release, epoch, ...(isToken(arch) && { arch }), ...(vendor && { vendor }) };
}

function readEpoch(value: unknown): number | undefined {
  if (value === undefined || value === '' || value === '(none)') return 0;
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
