import { type XmlEvent, xmlEvents } from '../../format/xml.ts';
import { xmlText } from '../../format/xml-text.ts';
import type { Presence } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { Found, neededNames } from './found.ts';

/** The deepest that says anything: `package/metadata/dependencies/group/dependency`. */
const toldDepth = 5;
/** Characters of a license expression that are kept. */
const maxLicense = 500;
/** Elements of a .nuspec whose text is kept. */
const told = new Set(['package/metadata/id', 'package/metadata/version', 'package/metadata/license']);

/**
 * What a packages.config names (NuGet documentation, "packages.config").
 * @throws SluiceError `xml/...` when it isn't XML, `nuget/unreadable` when it isn't such a file.
 */
export function readPackagesConfig(bytes: Buffer): Found {
  const found = new Found();
  walk(bytes, 'packages', (event, path) => {
    if (event.kind !== 'open' || path !== 'packages/package') return;
    const [name, version] = [event.attributes.get('id') ?? '', event.attributes.get('version') ?? ''];
    const dev = event.attributes.get('developmentDependency')?.toLowerCase() === 'true' ? { dev: true } : {};
    found.keep({ name, version, presence: 'declared', ...dev });
  });
  return found;
}

/**
 * The package that a .nuspec describes (NuGet documentation, ".nuspec reference").
 * @throws SluiceError `xml/...` when it isn't XML, `nuget/unreadable` when it isn't such a file.
 */
export function readNuspec(bytes: Buffer, presence: Presence): Found {
  const texts = new Map<string, string>();
  const needs: string[] = [];
  let isExpression = false;
  walk(bytes, 'package', (event, path) => {
    if (event.kind === 'text') {
      if (told.has(path) && !texts.has(path)) texts.set(path, event.text.trim());
    } else if (event.kind === 'open') {
      if (path === 'package/metadata/license') isExpression = event.attributes.get('type') === 'expression';
      if (path.startsWith('package/metadata/dependencies/') && event.name === 'dependency') {
        needs.push(event.attributes.get('id') ?? '');
      }
    }
  });
  const license = texts.get('package/metadata/license');
  const licensed = isExpression && license !== undefined && license.length <= maxLicense ? { license } : {};
  const found = new Found();
  const name = texts.get('package/metadata/id') ?? '';
  const version = texts.get('package/metadata/version') ?? '';
  found.keep({ name, version, presence, ...licensed, ...neededNames(needs) });
  return found;
}

/** Tells each piece with the path of the element that it is or stands in: `package/metadata/id`; of deep ones, nothing. */
function walk(bytes: Buffer, root: string, tell: (event: XmlEvent, path: string) => void): void {
  const names: string[] = [];
  for (const event of xmlEvents(xmlText(bytes))) {
    if (event.kind === 'open') {
      if (names.length === 0 && event.name !== root) throw unreadable(`it is not one element ${root}`);
      names.push(event.name);
    }
    if (names.length <= toldDepth) tell(event, names.join('/'));
    if (event.kind === 'close') names.pop();
  }
}

function unreadable(message: string): SluiceError {
  return new SluiceError('nuget/unreadable', message);
}
