import type { ErrorCode } from '../util/error.ts';

/** What to do about an error that names no step of its own, by the area of its code; `COMMAND` is the one that was called. */
const steps: Readonly<Record<string, string>> = {
  usage: 'sluice COMMAND --help begins with examples',
  target: 'name an archive, a layout or source folder, or a reference such as nginx:1.27',
  reference: 'a reference is such as nginx:1.27, registry.example/team/app:1.0 or app@sha256:…',
  platform: '--platform takes another one, such as linux/amd64; all: each',
  file: 'look at the path and who may read it: ls -l',
  folder: 'name a smaller folder, or one that you may read',
  directory: 'name a smaller folder, or one that you may read',
  output: 'look at the path, the space that is left and who may write there',
  archive: 'write it again: docker save IMAGE -o FILE, or skopeo copy docker://IMAGE oci-archive:FILE',
  registry: 'is the network there, and may you pull it? docker login, or podman login, keeps credentials',
  advisory: 'sluice db status shows what there is; sluice db update fetches it anew',
  cache: 'name another folder by --cache-dir DIR, or go without by --no-layer-cache',
  report: 'sluice scan TARGET -o json=FILE writes one',
  policy: 'sluice policy check shows what is wrong, with line and column',
  waivers: 'sluice waive writes entries that hold; docs/policy.md has the form',
  waive: 'sluice waive --help begins with examples',
  rules: 'sluice rules test FILE shows what is wrong; rules/README.md has the form',
  pattern: 'expressions are those of RE2: without look-around and back-references',
  glob: 'write several shorter patterns, one a line',
  secrets: 'sluice secrets --help begins with examples',
  json: 'the file is cut short, or is no JSON: write it again',
  xml: 'the file is cut short, or is no XML: write it again',
  zip: 'the file is cut short, or is no ZIP: fetch it again',
  data: 'sluice db status shows which data there is',
  ci: 'sluice ci --help begins with examples',
  template: 'docs/templates.md has what a template can say',
  sarif: 'give SARIF 2.1.0 as the other tool wrote it',
  sbom: 'give CycloneDX, SPDX or syft JSON as the tool wrote it; in parts, where it is too large',
  dockerfile: 'look at the path; docker build must be able to read it too',
  vex: 'sluice vex explain TARGET --vex FILE shows what it comes to',
  triage: 'sluice vex create --help shows the form',
  key: 'give a key in PEM form, Ed25519 or ECDSA, and its passphrase if it has one',
  fix: 'sluice fix --help begins with examples',
  fleet: 'the list has one target a line; # begins a comment',
  git: 'run it inside of a clone, with enough history: git fetch --unshallow',
  baseline: 'sluice scan TARGET -o json=FILE writes a report that can be a baseline',
  base: '--base takes the reference or the archive of an image',
};

/** What images are made of: by these areas an image that can't be read is told. */
const ofImages =
  'no image, or a damaged one: write or pull it again (docker save IMAGE -o FILE), and see if docker load takes it';

/** What to do about an error without a hint: there is always a next step. */
export function nextStep(code: ErrorCode, command: string | undefined): string {
  const area = code.slice(0, code.indexOf('/'));
  const step = Object.hasOwn(steps, area) ? steps[area] : undefined;
  const called = command === undefined || command.startsWith('-') ? '' : `${command} `;
  return step === undefined ? ofImages : step.replace('COMMAND ', called);
}
