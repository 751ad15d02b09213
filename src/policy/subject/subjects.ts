import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { PlacedFinding, PlacedKind } from '../../model/placed-finding.ts';
import type { BlameQuadrant } from '../../model/verdict.ts';
import { AccountView } from './account.ts';
import { ChangeView } from './change.ts';
import { changesBetween } from './changes.ts';
import type { SubjectKind } from './contract.ts';
import { FileView } from './file.ts';
import { FindingView } from './finding.ts';
import { ImageView } from './image.ts';
import { InstructionView } from './instruction.ts';
import { licenceRoster } from './licence.ts';
import { PackageView } from './package.ts';
import { PackageFileView } from './package-file.ts';
import { PlacedView } from './placed.ts';
import { placedName, worstOf } from './placed-name.ts';
import { ProblemView } from './problem.ts';
import { type Roster, rosterOf, type SubjectName } from './roster.ts';
import { Scene, type SceneInputs } from './scene.ts';
import { SecretView } from './secret.ts';
import { SourceView } from './source.ts';

/** Longest text that stands for a subject, in characters: a line of the history may be a whole script. */
const longestId = 200;

/** Tells who brought what was found. */
export interface Quadrants {
  quadrantOf(finding: Finding): BlameQuadrant;
  quadrantOfPlaced(finding: PlacedFinding): BlameQuadrant;
}

/** The subjects of all kinds, each made when a rule first asks for it. */
export class Subjects {
  readonly scene: Scene;
  readonly image: ImageView;
  readonly #quadrantOf: ((finding: Finding) => BlameQuadrant) | undefined;
  readonly #quadrantOfPlaced: ((finding: PlacedFinding) => BlameQuadrant) | undefined;
  readonly #packages = new Map<Package, PackageView>();
  readonly #rosters = new Map<string, Roster>();
  #findings: readonly FindingView[] | undefined;

  /** `blame`: absent without a baseline. */
  constructor(inputs: SceneInputs, blame?: Quadrants) {
    this.scene = new Scene(inputs);
    this.#quadrantOf = blame && ((finding) => blame.quadrantOf(finding));
    this.#quadrantOfPlaced = blame && ((finding) => blame.quadrantOfPlaced(finding));
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

  #placed(kind: PlacedKind, viewOf: (finding: PlacedFinding, blame: BlameQuadrant | undefined) => PlacedView): Roster {
    const findings = worstOf(kind, this.scene.placed);
    const quadrantOf = this.#quadrantOfPlaced;
    return {
      views: findings.map((finding) => viewOf(finding, quadrantOf?.(finding))),
      elsewhere(index) {
        const { also = [], ...finding } = findings[index] as PlacedFinding;
        return also.map((place) => viewOf({ ...finding, place }, quadrantOf?.(finding)));
      },
      nameOf: (index) => placedName(findings[index] as PlacedFinding),
      ...(quadrantOf ? { quadrantOf: (index) => quadrantOf(findings[index] as PlacedFinding) } : {}),
    };
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
      case 'secret':
        return this.#placed(kind, (finding, blame) => new SecretView(finding, this.scene.today, blame));
      case 'misconfiguration':
      case 'external':
        return this.#placed(kind, (finding, blame) => new PlacedView(finding, blame));
      case 'licence':
        return licenceRoster(this.scene);
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
