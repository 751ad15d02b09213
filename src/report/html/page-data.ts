import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ReportContext } from '../contract.ts';
import { licencesOf } from '../licences/listed.ts';
import { commandTarget } from '../table/command-target.ts';
import type { PageData, PageLicence, PagePackage, PageProblem } from './data.ts';
import { pageFindings } from './findings.ts';
import { keyGiver } from './keys.ts';
import { layerName } from './layer-name.ts';
import { subjectsOf } from './subjects.ts';

/** Most paths of one package that are told. */
const pathsShown = 20;

/** Characters that mean nothing to a shell, and no option where they come first. */
const plainWord = /^[\w@/.][\w@%+=:,./-]*$/;

/** All that the page's script shows. */
export function pageData(evidence: Evidence, verdict: Verdict, context: ReportContext): PageData {
  const subjects = subjectsOf(evidence);
  const target = commandTarget(context);
  return {
    findings: pageFindings(evidence, verdict, subjects),
    subjects: subjects.all,
    packages: pagePackages(evidence),
    licences: pageLicences(evidence),
    problems: pageProblems(evidence),
    layers: evidence.target.layers.map((_, number) => layerName(evidence, number)),
    hasBaseline: verdict.baseline !== undefined,
    commandTarget: plainWord.test(target) ? target : 'TARGET',
  };
}

function pagePackages({ packages, target }: Evidence): PagePackage[] {
  const keyOf = keyGiver();
  const ofBase = target.base?.layers ?? 0;
  return packages.map((found) => {
    const { purl, name, version, ecosystem, presence, paths, layer, license, origin, ownedBy, dev } = found;
    return {
      key: keyOf(['package', purl, presence, paths[0] ?? '']),
      ...{ purl, name, version, kind: ecosystem, presence, paths: paths.slice(0, pathsShown), layer },
      from: layer < ofBase ? 'base' : 'own',
      ...(license === undefined ? {} : { license }),
      ...(origin ? { origin: `${origin.name} ${origin.version}` } : {}),
      ...(ownedBy === undefined ? {} : { ownedBy }),
      ...(dev ? { dev } : {}),
    };
  });
}

function pageLicences(evidence: Evidence): PageLicence[] {
  const keyOf = keyGiver();
  return licencesOf(evidence).map((fact) => {
    const { expression, class: of, package: purl, name, version, path, stated, layer, from } = fact;
    return {
      key: keyOf(['licence', expression, purl ?? '', path ?? '']),
      expression: expressionText(expression),
      class: of,
      of: name === undefined ? (purl ?? path ?? '') : `${name} ${version ?? ''}`.trimEnd(),
      ...{ layer, from },
      ...(stated === undefined ? {} : { stated }),
      ...(path === undefined ? {} : { path }),
    };
  });
}

/** A licence for people. */
function expressionText(expression: string): string {
  if (expression === 'NONE') return 'none is stated';
  return expression === 'NOASSERTION' ? 'of words that are not known' : expression;
}

function pageProblems({ problems }: Evidence): PageProblem[] {
  const keyOf = keyGiver();
  return problems.map(({ code, message, path, layer, blinding }) => ({
    key: keyOf(['problem', code, path ?? '', message]),
    ...{ code, message, blinding },
    ...(path === undefined ? {} : { path }),
    ...(layer === undefined ? {} : { layer }),
  }));
}
