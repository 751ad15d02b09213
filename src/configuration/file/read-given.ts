import type { AccountFact, PackageFileFact } from '../../model/collected.ts';
import type { Package } from '../../model/package.ts';
import type { Faults } from '../../policy/file/fault.ts';
import type { MapValue, Value } from '../../policy/file/value.ts';
import type { GivenDocument, GivenFile, TestGiven } from '../test/given.ts';
import { fieldsIn, plainText, type Shape } from './plain.ts';
import { readImage, readInstructions } from './read-image.ts';

/** The day of a test that names none. */
const someDay = '2026-01-01';

/** What can be told of a file, beside its path. Later facts of files go here: they reach the rule by their name. */
const fileShapes: Readonly<Record<string, Shape>> = {
  ...{
    path: 'text',
    kind: ['file', 'folder', 'symlink', 'device'],
    mode: 'octal',
    uid: 'number',
    gid: 'number',
    size: 'number',
    link: 'text',
  },
  ...{ layer: 'number', from: ['base', 'own'], owner: 'text', content: 'text', capabilities: 'texts' },
  inOpenFolder: 'flag',
};
const ownFileKeys = new Set([
  ...['path', 'kind', 'mode', 'uid', 'gid', 'size', 'link', 'layer', 'from', 'owner', 'content'],
]);
const accountShapes: Readonly<Record<string, Shape>> = {
  ...{ name: 'text', uid: 'number', gid: 'number', home: 'text', shell: 'text', groups: 'texts' },
  password: ['none', 'locked', 'set', 'unknown'],
  ...{ repeated: 'flag', sameId: 'texts' },
};
const packageShapes: Readonly<Record<string, Shape>> = {
  ...{ name: 'text', version: 'text', ecosystem: 'text', purl: 'text', paths: 'texts', license: 'text' },
  ...{ presence: ['installed', 'declared', 'application'], layer: 'number' },
};
const packageFileShapes: Readonly<Record<string, Shape>> = {
  ...{ path: 'text', package: 'text', state: ['changed', 'missing'] },
};

/** Reads what there is in a test. */
export function readGiven(map: MapValue, faults: Faults): TestGiven {
  const part = (key: string): Value | undefined => map.entries.get(key)?.value;
  const each = <Read>(key: string, read: (value: Value, faults: Faults) => Read | undefined): Read[] => {
    const value = part(key);
    const items = value?.kind === 'list' ? value.items : value ? [value] : [];
    return items.flatMap((item) => read(item, faults) ?? []);
  };
  const [image, instruction, dockerfile, today] = ['image', 'instruction', 'dockerfile', 'today'].map(part);
  const lines = instruction && readInstructions(instruction, faults);
  const of = image ? readImage(image, faults) : { kind: 'image' as const, baseLayers: 0 };
  const text = dockerfile && plainText(dockerfile, 'dockerfile', faults);
  return {
    ...of,
    ...(lines ? { image: { ...of.image, history: lines } } : {}),
    ...(text === undefined ? {} : { dockerfile: text }),
    files: each('file', readFile),
    accounts: each('account', readAccount),
    packages: each('package', readPackage),
    packageFiles: each('package-file', readPackageFile),
    documents: each('document', readDocument),
    today: (today && plainText(today, 'today', faults)) ?? someDay,
  };
}

function readFile(value: Value, faults: Faults): GivenFile | undefined {
  const fields = fieldsIn(value, 'file', fileShapes, [], faults)?.fields;
  if (!fields) return undefined;
  const text = (key: string): string | undefined => fields.get(key) as string | undefined;
  const number = (key: string, other: number): number => (fields.get(key) as number | undefined) ?? other;
  const [link, owner, content] = [text('link'), text('owner'), text('content')];
  return {
    path: text('path') ?? '/app/file',
    kind: (text('kind') ?? 'file') as GivenFile['kind'],
    size: number('size', Buffer.byteLength(content ?? '')),
    mode: number('mode', 0o644),
    ...{ uid: number('uid', 0), gid: number('gid', 0), layer: number('layer', 0) },
    from: text('from') === 'base' ? 'base' : 'own',
    ...(link === undefined ? {} : { link }),
    ...(owner === undefined || owner === '' ? {} : { owner }),
    ...(content === undefined ? {} : { content }),
    more: new Map([...fields].filter(([key]) => !ownFileKeys.has(key))),
  };
}

function readAccount(value: Value, faults: Faults): AccountFact | undefined {
  const fields = fieldsIn(value, 'account', accountShapes, [], faults)?.fields;
  if (!fields) return undefined;
  const given = Object.fromEntries(fields) as Partial<AccountFact>;
  const name = given.name ?? 'somebody';
  return {
    ...{ name, uid: 1000, gid: 1000, home: `/home/${name}`, shell: '/sbin/nologin', groups: [name] },
    password: 'locked',
    ...given,
  };
}

function readPackage(value: Value, faults: Faults): Package | undefined {
  const fields = fieldsIn(value, 'package', packageShapes, [], faults)?.fields;
  if (!fields) return undefined;
  const given = Object.fromEntries(fields) as Partial<Package>;
  const { name = 'something', version = '1.0', ecosystem = 'deb' } = given;
  const purl = `pkg:${ecosystem}/${ecosystem === 'deb' ? 'debian/' : ''}${name}@${version}`;
  return { ...{ name, version, ecosystem, purl, presence: 'installed', paths: [], layer: 0 }, ...given };
}

function readPackageFile(value: Value, faults: Faults): PackageFileFact | undefined {
  const fields = fieldsIn(value, 'package-file', packageFileShapes, [], faults)?.fields;
  if (!fields) return undefined;
  const text = (key: string, other: string): string => (fields.get(key) as string | undefined) ?? other;
  const state = text('state', 'changed') === 'missing' ? 'missing' : 'changed';
  return {
    ...{ path: text('path', '/usr/bin/something'), package: text('package', 'pkg:deb/debian/something@1.0'), state },
    ...(state === 'changed' ? { layer: 0 } : {}),
  };
}

/** The text alone, or with its path. */
function readDocument(value: Value, faults: Faults): GivenDocument | undefined {
  if (value.kind !== 'map') {
    const text = plainText(value, 'document', faults);
    return text === undefined ? undefined : { text };
  }
  const fields = fieldsIn(value, 'document', { path: 'text', text: 'text' }, [], faults)?.fields;
  const [path, text] = [fields?.get('path'), fields?.get('text')] as [string | undefined, string | undefined];
  return { text: text ?? '', ...(path === undefined ? {} : { path }) };
}
