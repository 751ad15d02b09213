import type { AccountView } from '../policy/subject/account.ts';
import type { DocumentView } from '../policy/subject/document.ts';
import type { FileView } from '../policy/subject/file.ts';
import type { InstructionView } from '../policy/subject/instruction.ts';
import type { PackageView } from '../policy/subject/package.ts';
import type { PackageFileView } from '../policy/subject/package-file.ts';
import type { Subjects } from '../policy/subject/subjects.ts';
import type { ConfigurationRule } from './contract.ts';
import type { ReadDocuments } from './documents.ts';
import type { ConfigurationInputs } from './inputs.ts';

/** What cases are made of. */
export interface CaseSource {
  readonly subjects: Subjects;
  readonly inputs: ConfigurationInputs;
  readonly documents: ReadDocuments;
}

/** One thing that a rule is asked of. */
export interface Case {
  readonly view: object;
  /** Of a rule on the image: the text that it is asked for. */
  readonly each?: string;
  /** For people, in one line; empty where the rule's title says it all. */
  readonly found: string;
  /** What stands for it in fingerprints: the same as long as it is the same thing. */
  readonly key: string;
  readonly path?: string;
  /** Of an instruction of a Dockerfile. */
  readonly line?: number;
  /** Of a line of the history. */
  readonly step?: number;
  readonly layer?: number;
  readonly from?: 'base' | 'own';
  /** purl. */
  readonly package?: string;
}

/** Longest text of a line of the history that a message shows. */
const longestShown = 120;

/** All that a rule is asked of. */
export function casesOf(rule: ConfigurationRule, source: CaseSource): Iterable<Case> {
  const { subjects, inputs, documents } = source;
  switch (rule.on) {
    case 'image':
      return imageCases(rule, source);
    case 'instruction':
      return instructionCases(source);
    case 'dockerfile': {
      const { dockerfile } = inputs;
      if (!dockerfile) return [];
      const { view, path } = dockerfile;
      return [{ view, path, found: path, key: '' }];
    }
    case 'document':
      return documents.of(rule).map((view: DocumentView) => documentCase(view));
    case 'file':
      return (subjects.roster('file', rule.files?.id).views as FileView[]).map((view) => fileCase(view));
    case 'package-file':
      return (subjects.roster('package-file').views as PackageFileView[]).map((view) => {
        const { path, layer, from, package: purl } = view;
        return { view, path, found: path, key: path, ...placed(layer, from), package: purl };
      });
    case 'account':
      return (subjects.roster('account').views as AccountView[]).map((view) => {
        return { view, path: '/etc/passwd', found: view.name, key: view.name };
      });
    case 'package':
      return (subjects.roster('package').views as PackageView[]).map((view) => {
        const { name, version, purl, layer, from, paths } = view;
        const found = `${name} ${version}`.trim();
        return { view, found, key: `${purl} ${paths[0] ?? ''}`, ...placed(layer, from), package: purl };
      });
  }
}

function imageCases(rule: ConfigurationRule, { subjects }: CaseSource): Case[] {
  const view = subjects.image;
  if (rule.each === undefined) return [{ view, found: '', key: '' }];
  const field = (view as unknown as Record<string, unknown>)[rule.each];
  const texts = Array.isArray(field) ? (field as string[]) : [...(field as ReadonlyMap<string, string>).keys()];
  return [...new Set(texts)].map((each) => ({ view, each, found: cut(each), key: each }));
}

/** The Dockerfile's own instructions, of all stages, or the lines of the history. */
function instructionCases({ subjects, inputs }: CaseSource): Case[] {
  const { dockerfile } = inputs;
  if (dockerfile) {
    const { path } = dockerfile;
    return dockerfile.instructions.map(({ view, text, line }) => ({ view, found: cut(text), key: text, path, line }));
  }
  return (subjects.roster('instruction').views as InstructionView[]).map((view) => {
    const { text, index, layer, from } = view;
    return { view, found: cut(text), key: text, step: index, ...placed(layer, from) };
  });
}

function documentCase(view: DocumentView): Case {
  const { path, layer, from, owner } = view;
  return { view, path, found: path, key: path, ...placed(layer, from), ...(owner === '' ? {} : { package: owner }) };
}

function fileCase(view: FileView): Case {
  const { path, layer, from, owner } = view;
  return { view, path, found: path, key: path, ...placed(layer, from), ...(owner === '' ? {} : { package: owner }) };
}

function placed(layer: number, from: string): Pick<Case, 'layer' | 'from'> {
  return {
    ...(layer < 0 ? {} : { layer }),
    ...(from === 'base' || from === 'own' ? { from } : {}),
  };
}

function cut(text: string): string {
  const line = text.replaceAll(/\s/g, ' ');
  return line.length > longestShown ? `${line.slice(0, longestShown - 1)}…` : line;
}
