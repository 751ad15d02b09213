import type { PackageRecord } from '../../model/package.ts';
import { isPlatform } from './platform.ts';
import { neededNames, usableField } from './records.ts';
import { itemsOf, propertyOf, readTerms, stringOf, type Term, textOf, unreadable } from './term.ts';

/** Longest licence that is an identifier. */
const licenseLimit = 200;

/**
 * The installed package that an application resource file (erlang.org, app(4)) describes:
 * `{application, name, [{vsn, "1.2.3"}, {applications, [kernel, …]} …]}.`; undefined when it is a part of Erlang/OTP or
 * of Elixir, which are no packages of Hex.
 * @throws SluiceError `hex/unreadable` when it isn't one, or names no version.
 */
export function readAppResource(bytes: Buffer): PackageRecord | undefined {
  const [term] = readTerms(decoded(bytes), 'erlang');
  const [word, nameTerm, properties] = itemsOf(term);
  const name = textOf(nameTerm);
  if (textOf(word) !== 'application' || !usableField(name)) throw unreadable('it describes no application');
  if (isPlatform(name)) return undefined;
  const version = stringOf(propertyOf(properties, 'vsn'));
  if (!usableField(version)) throw unreadable('it states no version');
  return {
    name,
    version,
    presence: 'installed',
    ...licenseOf(propertyOf(properties, 'licenses')),
    ...neededNames(neededOf(properties)),
  };
}

/** UTF-8, as Erlang writes since version 17; what isn't is taken for Latin-1, in which it wrote before. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

/** The applications that it can't start without and that are not a part of the platform. */
function* neededOf(properties: Term | undefined): Generator<string, void, undefined> {
  const optional = new Set(itemsOf(propertyOf(properties, 'optional_applications')).map(textOf));
  for (const item of itemsOf(propertyOf(properties, 'applications'))) {
    const name = textOf(item);
    if (usableField(name) && !optional.has(name) && !isPlatform(name)) yield name;
  }
}

/** rebar3 copies `licenses` from the source; of several it isn't said whether all or one apply. */
function licenseOf(licenses: Term | undefined): { license?: string } {
  const names = itemsOf(licenses).map(textOf).filter(usableField);
  const license = names.join(', ');
  return license === '' || license.length > licenseLimit ? {} : { license };
}
