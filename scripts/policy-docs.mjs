// docs/policy.md: what is written by hand (policies/policy.md), with the packs, triggers, variables and functions as the
// code and the policies have them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The packs, in the order in which a reader meets them. */
const packOrder = ['default', 'strict', 'cis-docker', 'nist-ssdf', 'pci-dss-4', 'slsa', 'distroless', 'licences'];

/** The families of triggers, each with what it asks of. */
const families = [
  ['vulnerability', 'Vulnerabilities'],
  ['data', 'Vulnerability data, and what could not be read'],
  ['package', 'Packages'],
  ['package-files', 'Files of packages'],
  ['licence', 'Licences'],
  ['dockerfile', 'Instructions of the Dockerfile'],
  ['image', 'The image'],
  ['base', 'The base image'],
  ['distribution', 'The distribution'],
  ['file', 'Files'],
  ['account', 'Users'],
  ['secret', 'Secrets'],
  ['setting', 'Settings, and what other tools have found'],
  ['malware', 'Malware'],
  ['completeness', 'Completeness of the bill of materials'],
  ['provenance', 'Signatures, attestations and provenance'],
  ['change', 'Changes against another image'],
  ['baseline', 'Who brought a flaw, and when it became known'],
];

/** The text of docs/policy.md. */
export async function policyDocs() {
  const { readDocument, Faults, placeText, fields, functions, parseYaml } = await loadReaders();
  const read = (path) => {
    const faults = new Faults();
    const document = readDocument(readFileSync(root + path), path, path, faults);
    const [fault] = faults.all;
    if (fault || !document) throw new Error(fault ? `${placeText(fault.place)}: ${fault.message}` : `${path} is empty`);
    return { ...document.layer, head: headOf(path) };
  };
  const packs = inOrder('policies/packs', packOrder).map((name) => [name, read(`policies/packs/${name}.yaml`)]);
  const triggers = inOrder(
    'policies/triggers',
    families.map(([name]) => name),
  ).map((name) => [families.find(([family]) => family === name)[1], read(`policies/triggers/${name}.yaml`), name]);
  const gates = parseYaml(readFileSync(`${root}policies/anchore.yaml`, 'utf8'));
  const parts = {
    packs: packsText(packs),
    triggers: triggersText(triggers, namesInAnchore(gates)),
    anchore: anchoreText(gates),
    variables: variablesText(fields),
    functions: functionsText(functions),
  };
  const text = readFileSync(`${root}policies/policy.md`, 'utf8');
  const filled = text.replace(/^\{\{(\w+)\}\}$/gm, (mark, name) => parts[name] ?? fail(`nothing stands for ${mark}`));
  return `<!-- Written by \`npm run gen\` from policies/ and src/policy: do not edit. -->\n\n${filled}`;
}

function fail(message) {
  throw new Error(message);
}

/** What reads policies. */
function loadReaders() {
  return bundled({
    stdin: {
      resolveDir: `${root}src/policy`,
      loader: 'ts',
      contents: `
        export { readDocument } from './file/read-document.ts';
        export { Faults, placeText } from './file/fault.ts';
        export { functions } from './expression/functions.ts';
        export { parse as parseYaml } from 'yaml';
        import { commonVariables, types } from './subject/fields/all.ts';
        import { subjectKinds, subjectVariables } from './subject/contract.ts';
        export const fields = { commonVariables, types, subjectKinds, subjectVariables };
      `,
    },
  });
}

/** The policies of a folder: all of them, and in the order that is wanted. */
function inOrder(folder, order) {
  const there = readdirSync(root + folder)
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));
  const lost = [...there.filter((name) => !order.includes(name)), ...order.filter((name) => !there.includes(name))];
  if (lost.length > 0)
    throw new Error(`${folder}: scripts/policy-docs.mjs and the folder differ by ${lost.join(', ')}`);
  return order;
}

/** The comment at the head of a policy: what it is for. */
function headOf(path) {
  const lines = readFileSync(root + path, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  if (end === 0) throw new Error(`${path} does not say at its head what it is for`);
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join('\n');
}

function packsText(packs) {
  return packs
    .map(([name, { rules, head }]) => {
      const served = rules.some(({ controls }) => controls.length > 0);
      const heads = ['rule', 'what it finds', 'outcome', 'why', ...(served ? ['serves'] : [])];
      const rows = rules.map(({ id, title, outcome, why, controls }) =>
        [code(id), title, outcome, why, controls.join(', ')].slice(0, heads.length),
      );
      const where = `With its conditions: [policies/packs/${name}.yaml](../policies/packs/${name}.yaml).`;
      return `### ${name}\n\n${head}\n\n${where}\n\n${table(heads, rows)}`;
    })
    .join('\n\n');
}

function triggersText(triggers, anchore) {
  return triggers
    .map(([title, { rules, head }, name]) => {
      const where = `As a policy: [policies/triggers/${name}.yaml](../policies/triggers/${name}.yaml).`;
      return [`### ${title}`, head, where, ...rules.map((rule) => triggerText(rule, anchore))].join('\n\n');
    })
    .join('\n\n');
}

function triggerText({ id, title, on, when, outcome, why, fix, files }, anchore) {
  const names = anchore.get(id) ?? [];
  const looks = files ? [`Looks at ${filesText(files)}.`] : [];
  // Whoever reads a part of a field reads the field.
  const fields = when.reads.filter((field) => !when.reads.some((other) => other.startsWith(`${field}.`)));
  const reads = fields.length > 0 ? [`Reads ${fields.map(code).join(', ')}.`] : [];
  const lines = [
    `#### ${id}`,
    `${title} (on \`${on}\`, \`${outcome}\`). ${why}${fixText(fix)}`,
    `\`\`\`cel\n${when.text}\n\`\`\``,
    [...looks, ...reads, ...(names.length > 0 ? [`Anchore: ${names.map(code).join(', ')}.`] : [])].join(' '),
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

function fixText(fix) {
  if (!fix) return '';
  return ` Fix: ${fix}${/[.!?+]$/.test(fix) ? '' : '.'}`;
}

function filesText({ paths, kinds, modes, digest, matches, values }) {
  const extra = [
    ...(kinds ? [`kinds ${kinds.join(', ')}`] : []),
    ...(modes ? [`modes ${modes.join(', ')}`] : []),
    ...(digest ? ['their digests'] : []),
    ...(matches ? Object.entries(matches).map(([name, pattern]) => `${name}: ${code(pattern)}`) : []),
    ...(values ? Object.entries(values).map(([name, { format, at }]) => `${name}: ${format} ${code(at)}`) : []),
  ];
  return [paths.map(code).join(', '), ...extra].join('; ');
}

/** The names that Anchore has for each of our rules. */
function namesInAnchore(gates) {
  const names = new Map();
  for (const { gate, triggers } of gates) {
    for (const { trigger, rules = [], parameters = {} } of triggers) {
      for (const rule of new Set(rules)) add(names, rule, `${gate}/${trigger}`);
      for (const [parameter, rule] of Object.entries(parameters)) add(names, rule, `${gate}/${trigger} ${parameter}`);
    }
  }
  return names;
}

function add(names, rule, name) {
  const there = names.get(rule) ?? [];
  // A parameter of a trigger that is named already adds nothing but length.
  if (!there.some((other) => name === other || name.startsWith(`${other} `))) names.set(rule, [...there, name]);
}

function anchoreText(gates) {
  const rows = gates.flatMap(({ gate, retired, triggers }) =>
    triggers.map(({ trigger, formerly, rules = [], parameters = {}, instead = '' }) => [
      retired ? `${gate} (retired)` : gate,
      formerly ? `${trigger} (formerly ${formerly})` : trigger,
      [...new Set([...rules, ...Object.values(parameters)])].map((id) => `[${id}](#${anchorOf(id)})`).join(', '),
      instead,
    ]),
  );
  return table(['gate', 'trigger', 'rule', 'what is different'], rows);
}

/** How the headings of Markdown are linked: without what is no letter, digit or hyphen. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function variablesText({ commonVariables, types, subjectKinds, subjectVariables }) {
  const subjects = table(
    ['`on:`', 'variable', 'type'],
    subjectKinds.map((kind) => {
      const { name, type } = subjectVariables[kind];
      const more = kind === 'finding' ? ' and `pkg`, the package that it is in' : '';
      return [code(kind), code(name) + more, typeText(type, types)];
    }),
  );
  const common = table(
    ['variable', 'type'],
    Object.entries(commonVariables).map(([name, type]) => [code(name), typeText(type, types)]),
  );
  const each = Object.entries(types).map(([name, fields]) => {
    const rows = Object.entries(fields).map(([field, { type, doc }]) => [code(field), typeText(type, types), doc]);
    return `### ${name}\n\n${table(['field', 'type', 'what it is'], rows)}`;
  });
  return [subjects, 'Every rule can read these as well:', common, ...each].join('\n\n');
}

/** A type, linked where it is one of ours. */
function typeText(type, types) {
  const own = Object.keys(types).find((name) => type === name || type.includes(`<${name}>`));
  return own ? `[${code(type)}](#${anchorOf(own)})` : code(type);
}

function functionsText(functions) {
  const rows = functions.map(({ signature, doc, example }) => [code(signature), doc, code(example)]);
  return table(['function', 'what it tells', 'for example'], rows);
}

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** As code, whatever is in it. */
function code(text) {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
