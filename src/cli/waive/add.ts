import { selectorKey } from '../../policy/waiver/duplicates.ts';
import type { NewWaiver } from '../../policy/waiver/write.ts';
import { SluiceError } from '../../util/error.ts';
import type { Command, Example } from '../command.ts';
import { exampleHelp } from '../examples.ts';
import { type Flag, flagHelp, readFlags } from '../flags.ts';
import { appendWaivers, openWaiverFile } from './file.ts';
import { expiresOf, neededText, termFlags, untilOf } from './terms.ts';

const flags: readonly Flag[] = [
  { name: 'reason', value: 'TEXT', doc: 'why this may wait' },
  ...termFlags,
  {
    name: 'package',
    value: 'PURL',
    multiple: true,
    doc: 'only in these packages, such as pkg:deb/debian/openssl; * is any text',
  },
  { name: 'path', value: 'GLOB', multiple: true, doc: "only at these places in the image, such as '/usr/lib/**'" },
  {
    name: 'rule',
    value: 'RULE',
    multiple: true,
    doc: 'what these rules of the policy fire on, and not the flaw itself; * is any text',
  },
  { name: 'ticket', value: 'TEXT', doc: 'where it is followed up' },
  { name: 'from', value: 'DATE', doc: 'the first day on which it holds' },
  {
    name: 'until',
    value: 'EVENT',
    multiple: true,
    doc: 'what ends it before: fix, exploited, epss=0.5, base=sha256:…',
  },
  { name: 'quiet', doc: 'say nothing' },
];

const examples: readonly Example[] = [
  {
    line: 'sluice waive CVE-2024-3094 --reason "never called" --owner web --expires 30d',
    doc: 'one flaw, for thirty days',
  },
  {
    line: "sluice waive --path '/usr/share/doc/**' --reason ... --owner web --expires 2026-12-31",
    doc: 'what is in one place',
  },
  {
    line: 'sluice waive CVE-2024-3094 --until fix --reason ... --owner web --expires 90d',
    doc: 'until there is a fix, 90 days at most',
  },
];

/** `sluice waive ID…`: writes one waiver behind those of the file. */
export const add: Command = {
  takes: 'ID...',
  flags,
  examples,
  async run({ args, env }) {
    const given = readFlags(args, flags, env);
    const now = new Date();
    const selectors = {
      ids: given.operands,
      packages: given.list('package'),
      paths: given.list('path'),
      rules: given.list('rule'),
      images: given.list('image'),
    };
    if (given.operands.length + selectors.packages.length + selectors.paths.length + selectors.rules.length === 0)
      throw new SluiceError(
        'usage/operands',
        'what is to be waived?',
        'give ids of flaws, --package, --path or --rule',
      );
    const ticket = given.text('ticket');
    const from = given.text('from');
    const waiver: NewWaiver = {
      ...selectors,
      reason: neededText(given, 'reason', 'say why this may wait, such as --reason "the parser is never called"'),
      owner: neededText(given, 'owner', 'say who answers for it, or set SLUICE_OWNER'),
      ...(ticket === undefined ? {} : { ticket }),
      ...(from === undefined ? {} : { from }),
      expires: expiresOf(given, now) ?? neededText(given, 'expires', 'a day such as 2026-12-31, or 90d'),
      until: untilOf(given),
    };
    const file = openWaiverFile(given, now);
    const there = file.waivers.find((one) => selectorKey(one) === selectorKey(waiver));
    if (there)
      throw new SluiceError(
        'waive/duplicate',
        `${there.place} waives this already, until ${there.expires}`,
        'renew it there, with a reason why',
      );
    appendWaivers(file, [waiver], now);
    if (!given.on('quiet')) process.stderr.write(`${file.name}: waived until ${waiver.expires}\n`);
    return 0;
  },
  help: () => `Usage: sluice waive ID... --reason TEXT --owner NAME --expires DATE|90d [flags]
       sluice waive import FILE... --owner NAME [flags]

${exampleHelp(examples)}Writes a waiver into sluice.waivers.yaml, behind those that are there: what may wait, why, who answers for it, and until
when. All selectors that are given must hold. sluice waive import --help tells how other tools' files are taken over.

${flagHelp(flags)}

Exit codes: 0 done · 1 could not do the work
`,
};
