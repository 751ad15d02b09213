import type { Evidence } from '../../model/evidence.ts';
import { sideEffects } from '../../pipeline/vex/check.ts';
import { type Claimed, claimsOf } from '../../pipeline/vex/create.ts';
import { imageNames } from '../../pipeline/vex/image-names.ts';
import { decisionOf, justifications, readTriage, type Triage } from '../../pipeline/vex/triage.ts';
import { createdAt } from '../../report/sbom/created.ts';
import { count } from '../../report/text-fix.ts';
import { jsonText } from '../../report/text-json.ts';
import { type Amended, amendOpenVex } from '../../report/vex/amend.ts';
import { openVexDocument } from '../../report/vex/openvex.ts';
import type { ImageNames } from '../../report/vex/products.ts';
import type { RegistryAccess } from '../../source/registry-image.ts';
import type { Target } from '../../source/target.ts';
import { SluiceError } from '../../util/error.ts';
import type { Action } from '../actions.ts';
import type { Invocation } from '../command.ts';
import type { Flag, Flags } from '../flags.ts';
import { writeWhole } from '../outputs.ts';
import { print } from '../print.ts';
import { readJsonFile } from './json-file.ts';
import { lookAt, remark, scanFlags, targetOf } from './look.ts';

const flags: readonly Flag[] = [
  { name: 'id', value: 'ID', multiple: true, doc: 'the flaw, by any of its names; may be repeated' },
  {
    name: 'package',
    value: 'PURL',
    multiple: true,
    doc: 'only in this package; version and qualifiers may be left out',
  },
  {
    name: 'status',
    value: 'STATUS',
    choices: ['not_affected', 'affected', 'fixed', 'under_investigation'],
    doc: 'not_affected, affected, fixed or under_investigation',
  },
  {
    name: 'justification',
    value: 'WORD',
    choices: justifications,
    doc: "why it is not_affected, in one of OpenVEX's words",
  },
  { name: 'impact', value: 'TEXT', doc: 'why it is not_affected, in your words' },
  { name: 'action', value: 'TEXT', doc: 'what to do about it where it is affected' },
  { name: 'triage', value: 'FILE', doc: 'many decisions at once, in place of --id and --status: see below' },
  { name: 'author', value: 'NAME', doc: 'who says so: a person or an organization' },
  { name: 'as', value: 'REFERENCE', multiple: true, doc: 'where the image will be in a registry; may be repeated' },
  { name: 'output', short: 'o', value: 'FILE', doc: 'write the document to FILE, not to standard output' },
  { name: 'add-to', value: 'FILE', doc: 'add to this document, in place unless -o names another file' },
  { name: 'force', doc: 'state also what the scan did not find, of the target as a whole' },
  ...scanFlags,
];

const triageHelp = `A triage file is a JSON list, an entry a decision; package is a purl or a list of them:
  [{"id": "CVE-2024-1", "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"},
   {"id": "GHSA-xxxx-yyyy-zzzz", "package": "pkg:npm/lodash", "status": "affected", "action": "update by May"}]
Its keys are id, package, status, justification, impact and action, as the flags of these names.

The justifications are:
${justifications.map((word) => `  ${word}`).join('\n')}`;

/** `sluice vex create`: writes what was found out of flaws as an OpenVEX document. */
export const action: Action = {
  examples: [
    { line: 'sluice vex create my-app.tar --id CVE-2024-3094 --status fixed --author web', doc: 'one flaw' },
    { line: 'sluice vex create my-app.tar --triage flaws.json --author web -o app.vex.json', doc: 'many, into a file' },
  ],
  flags,
  operands: 1,
  more: triageHelp,
  run: create,
};

async function create(given: Flags, invocation: Invocation): Promise<number> {
  const text = targetOf(given, 'create TARGET --id ID --status STATUS --author NAME');
  const triages = triagesOf(given);
  const author = authorOf(given);
  const timestamp = timestampOf(invocation);
  const addTo = given.text('add-to');
  const before = addTo === undefined ? undefined : readJsonFile(addTo);
  const { target, evidence, access } = await lookAt(text, given, invocation);
  const names = await namesOf(target, evidence, given, access);
  const claimed = claimsOf(evidence, triages, names, given.on('force'));
  const document = openVexDocument(claimed.claims, { author, timestamp, tooling: `sluice ${invocation.version}` });
  const own = target.kind === 'registry' ? [target.reference] : [];
  const effects = given.on('force') ? [] : sideEffects(document, claimed.findings, evidence, own);
  for (const line of [...claimed.remarks, ...effects]) remark(given, line);
  const amended = before === undefined ? undefined : amendOpenVex(before, claimed.claims, timestamp);
  const written = jsonText(amended ? amended.document : document);
  const path = given.text('output') ?? addTo;
  if (path === undefined) print(written);
  else writeWhole(path, written);
  if (path !== undefined) remark(given, `${path}: ${summary(claimed, amended)}`);
  return 0;
}

/** @throws SluiceError `usage/author` */
function authorOf(given: Flags): string {
  const author = given.text('author')?.trim();
  if (author) return author;
  const hint = 'give --author NAME, such as --author "Shop team <security@example.org>", or set SLUICE_AUTHOR';
  throw new SluiceError('usage/author', 'a VEX document needs an author who stands for it', hint);
}

/** SOURCE_DATE_EPOCH, else now, without fractions of a second. @throws SluiceError `usage/source-date-epoch` */
function timestampOf({ env: { SOURCE_DATE_EPOCH: epoch } }: Invocation): string {
  return createdAt(epoch === '' ? undefined : epoch) ?? `${new Date().toISOString().slice(0, 19)}Z`;
}

/** @throws SluiceError `usage/as`, `reference/malformed` */
async function namesOf(target: Target, evidence: Evidence, given: Flags, access: RegistryAccess): Promise<ImageNames> {
  const { digest, id } = evidence.target;
  const further = given.list('as');
  if (further.length > 0 && digest === undefined && id === undefined)
    throw new SluiceError('usage/as', '--as says where an image will be, and the target is none');
  const names = await imageNames(target, evidence.target, further, access);
  if (digest === undefined && further.length > 0 && names.references.every((one) => one.digest === undefined))
    remark(given, 'the target has no manifest digest yet: name it with --as REPOSITORY@sha256:… once it is pushed');
  return names;
}

/** @throws SluiceError `usage/...`, `vex/...`, `triage/...` */
function triagesOf(given: Flags): Triage[] {
  const file = given.text('triage');
  const ids = given.list('id');
  const packages = given.list('package');
  if (file !== undefined) {
    const more = ['id', 'package', 'status', 'justification', 'impact', 'action'].filter((name) => given.on(name));
    if (more.length > 0)
      throw new SluiceError('usage/triage', `--triage says it all: it can't stand with --${more[0]}`);
    return readTriage(readJsonFile(file));
  }
  if (ids.length === 0)
    throw new SluiceError('usage/id', 'there is no flaw to speak of', 'give --id ID or --triage FILE');
  const decision = decisionOf(
    {
      status: given.text('status'),
      justification: given.text('justification'),
      impact: given.text('impact'),
      action: given.text('action'),
    },
    (name) => `--${name}`,
  );
  return ids.map((id) => ({ id, packages, ...decision }));
}

function summary({ claims, findings }: Claimed, amended: Amended | undefined): string {
  const decided = `${count(findings.length, 'finding')} ${findings.length === 1 ? 'is' : 'are'} decided on`;
  const made = count(claims.length, 'statement');
  if (!amended) return `${made}, ${decided}`;
  const { added, replaced, unchanged } = amended;
  return `${made} (${added} added, ${replaced} replaced, ${unchanged} said already), ${decided}`;
}
