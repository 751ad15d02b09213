import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { BlameQuadrant } from '../../model/verdict.ts';
import { AccountView } from './account.ts';
import { ChangeView } from './change.ts';
import { changesBetween } from './changes.ts';
import type { SubjectKind } from './contract.ts';
import { FileView } from './file.ts';
import { FindingView } from './finding.ts';
import { ImageView } from './image.ts';
import { InstructionView } from './instruction.ts';
import { PackageView } from './package.ts';
import { PackageFileView } from './package-file.ts';
import { ProblemView } from './problem.ts';
import { Scene, type SceneInputs } from './scene.ts';
import { SourceView } from './source.ts';

/** Longest text that stands for a subject, in characters: a line of the history may be a whole script. */
const longestId = 200;

/** What stands for a subject in reasons and before waivers. */
export interface SubjectName {
  /** What stands for it within its kind. */
  readonly id: string;
  /** purl. */
  readonly package?: string;
  /** All places where it is, of what has any. */
  readonly paths?: readonly string[];
  /** For people; empty where the rule's title says it all. */
  readonly shown: string;
}

/** Subjects of one kind, all at once. */
export interface Roster {
  readonly views: readonly object[];
  nameOf(index: number): SubjectName;
}

/** The subjects of all kinds, each made when a rule first asks for it. */
export class Subjects {
  readonly scene: Scene;
  readonly image: ImageView;
  readonly #quadrantOf: ((finding: Finding) => BlameQuadrant) | undefined;
  readonly #packages = new Map<Package, PackageView>();
  readonly #rosters = new Map<string, Roster>();
  #findings: readonly FindingView[] | undefined;

  /** `quadrantOf`: absent without a baseline. */
  constructor(inputs: SceneInputs, quadrantOf?: (finding: Finding) => BlameQuadrant) {
    this.scene = new Scene(inputs);
    this.#quadrantOf = quadrantOf;
    const packages = (): readonly PackageView[] => this.roster('package').views as PackageView[];
    this.image = new ImageView(this.scene, { packages, findings: () => this.#allFindings() });
  }

  /** The view of one of the scene's findings: kept only where all of them are, for there may be very many. */
  finding(index: number): FindingView {
    if (this.#findings) return this.#findings[index] as FindingView;
    const finding = this.scene.findings[index] as Finding;
    return new FindingView(finding, this.scene, this.#quadrantOf?.(finding));
  }

  /** The view of the package in which a finding is. */
  packageOf(finding: Finding): PackageView {
    return this.#packageView(this.scene.packageOf(finding));
  }

  /** All subjects of a kind but findings, which come one at a time; of files those that answer the query. */
  roster(kind: Exclude<SubjectKind, 'finding'>, query = ''): Roster {
    const key = `${kind}\0${query}`;
    let roster = this.#rosters.get(key);
    if (!roster) {
      roster = this.#make(kind, query);
      this.#rosters.set(key, roster);
    }
    return roster;
  }

  #allFindings(): readonly FindingView[] {
    this.#findings ??= this.scene.findings.map((_finding, index) => this.finding(index));
    return this.#findings;
  }

  #packageView(found: Package): PackageView {
    let view = this.#packages.get(found);
    if (!view) {
      view = new PackageView(found, this.scene);
      this.#packages.set(found, view);
    }
    return view;
  }

  #make(kind: Exclude<SubjectKind, 'finding'>, query: string): Roster {
    const { evidence, dataNow, baseline } = this.scene;
    const { collected, image } = evidence;
    switch (kind) {
      case 'package':
        return rosterOf(
          evidence.packages.map((found) => this.#packageView(found)),
          ({ purl, name, version, paths }) => ({ id: purl, package: purl, paths, shown: `${name} ${version}`.trim() }),
        );
      case 'file': {
        const files = (collected?.files ?? []).filter(({ queries }) => queries.includes(query));
        return rosterOf(
          files.map((fact) => new FileView(fact, this.scene)),
          ({ path, owner }) => ({ id: path, paths: [path], shown: path, ...(owner === '' ? {} : { package: owner }) }),
        );
      }
      case 'package-file':
        return rosterOf(
          (collected?.packageFiles ?? []).map((fact) => new PackageFileView(fact, this.scene)),
          ({ path, package: purl, name, state }) => ({
            id: path,
            paths: [path],
            package: purl,
            shown: `${path} of ${name} (${state})`,
          }),
        );
      case 'account':
        return rosterOf(
          (collected?.accounts ?? []).map((fact) => new AccountView(fact)),
          ({ name }) => ({ id: name, shown: name }),
        );
      case 'instruction':
        return rosterOf(
          (image?.history ?? []).map((fact, index) => new InstructionView(fact, index)),
          ({ text }) => ({ id: cut(text), shown: cut(text, 80) }),
        );
      case 'image': {
        const id = evidence.target.digest ?? evidence.target.id ?? 'image';
        return rosterOf([this.image], () => ({ id, shown: '' }));
      }
      case 'change':
        return rosterOf(
          baseline ? changesBetween(baseline, evidence).map((change) => new ChangeView(change)) : [],
          nameOfChange,
        );
      case 'source':
        return rosterOf(
          evidence.sources.map((source) => new SourceView(source, dataNow)),
          ({ name }) => ({ id: name, shown: name }),
        );
      case 'problem':
        return rosterOf(
          evidence.problems.map((problem) => new ProblemView(problem)),
          ({ code, path, message }) => ({
            id: code,
            shown: path === '' ? message : `${path}: ${message}`,
            ...(path === '' ? {} : { paths: [path] }),
          }),
        );
    }
  }
}

function rosterOf<View extends object>(views: readonly View[], nameOf: (view: View) => SubjectName): Roster {
  return { views, nameOf: (index) => nameOf(views[index] as View) };
}

function nameOfChange({ what, how, name, before, after, package: purl }: ChangeView): SubjectName {
  const called = name === what ? what : `${what} ${name}`;
  const versions = before !== '' && after !== '' ? ` from ${cut(before, 60)} to ${cut(after, 60)}` : '';
  const paths = what === 'setuid' ? { paths: [name] } : {};
  return {
    id: cut(called),
    shown: `${cut(called, 80)} ${how}${versions}`,
    ...(purl === '' ? {} : { package: purl }),
    ...paths,
  };
}

function cut(text: string, most = longestId): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
