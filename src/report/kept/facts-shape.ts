import type { AccountFact, CertificateFact, Collected, FileFact, PackageFileFact } from '../../model/collected.ts';
import type { EnvFact, ImageFacts, InstructionFact } from '../../model/image-facts.ts';
import { byName, count, flag, listOf, may, moment, must, object, oneOf, text, yes } from './values.ts';

const whose = oneOf(['base', 'own']);

/** How containers are run, and how the image was built. */
export const imageShape = object<ImageFacts>({
  user: must(text),
  entrypoint: must(listOf(text)),
  cmd: must(listOf(text)),
  workingDir: must(text),
  stopSignal: must(text),
  healthcheck: must(listOf(text)),
  ports: must(listOf(text)),
  volumes: must(listOf(text)),
  env: must(listOf(object<EnvFact>({ name: must(text), value: must(text), secret: must(flag) }))),
  labels: must(byName(text)),
  annotations: must(byName(text)),
  history: must(
    listOf(
      object<InstructionFact>({
        name: must(text),
        text: must(text),
        layer: may(count),
        from: must(whose),
        line: may(count),
      }),
    ),
  ),
  created: must(moment),
  timed: may(yes),
  size: must(count),
});

const fileShape = object<FileFact>({
  path: must(text),
  kind: must(oneOf(['file', 'folder', 'symlink', 'device'])),
  size: must(count),
  mode: must(count),
  uid: must(count),
  gid: must(count),
  link: may(text),
  capabilities: may(listOf(text)),
  inOpenFolder: may(yes),
  layer: must(count),
  from: must(whose),
  owner: may(text),
  sha256: may(text),
  matches: may(listOf(text)),
  values: may(byName(text)),
  queries: must(listOf(text)),
});

const accountShape = object<AccountFact>({
  name: must(text),
  uid: must(count),
  gid: must(count),
  home: must(text),
  shell: must(text),
  groups: must(listOf(text)),
  password: must(oneOf(['none', 'locked', 'set', 'unknown'])),
  repeated: may(yes),
  sameId: may(listOf(text)),
});

/** What was collected because a policy asked for it. */
export const collectedShape = object<Collected>({
  queries: must(listOf(text)),
  files: must(listOf(fileShape)),
  accounts: may(listOf(accountShape)),
  packageFiles: may(
    listOf(
      object<PackageFileFact>({
        path: must(text),
        package: must(text),
        state: must(oneOf(['changed', 'missing'])),
        layer: may(count),
      }),
    ),
  ),
  certificates: may(
    listOf(object<CertificateFact>({ fingerprint: must(text), subject: must(text), path: must(text) })),
  ),
  baseTag: may(object<NonNullable<Collected['baseTag']>>({ reference: must(text), digest: may(text) })),
});
