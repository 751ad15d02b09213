import type { Finding } from '../../model/finding.ts';
import { compareSeverity } from '../../model/severity.ts';
import { publicationOf } from '../text-advisory.ts';
import { listed, noFixText } from '../text-fix.ts';
import { levelOf, securitySeverity } from './severity.ts';
import { markdownText, messageText } from './text.ts';

/** Most packages that a rule's help lists; every one has a result of its own. */
const packagesInHelp = 20;

/** Most tags of a rule that code scanning accepts. */
const tagsAccepted = 20;

/** One rule (SARIF 2.1.0 §3.49, reportingDescriptor) for each id, and where each stands. */
export interface Rules {
  readonly rules: readonly object[];
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Makes the rules for findings in their order: an id has one rule, however many packages have the flaw. */
export function rulesFor(findings: readonly Finding[]): Rules {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const found = byId.get(finding.id);
    if (found) found.push(finding);
    else byId.set(finding.id, [finding]);
  }
  const rules = [...byId.values()].map(ruleOf);
  return { rules, indexOf: new Map([...byId.keys()].map((id, index) => [id, index])) };
}

function ruleOf(findings: readonly Finding[]): object {
  const worst = findings.reduce((a, b) => (compareSeverity(b.severity, a.severity) < 0 ? b : a));
  const { id, severity, aliases, vector } = worst;
  const title = messageText(worst.title === '' ? id : worst.title);
  const names = [...new Set(findings.map((finding) => messageText(finding.name)))].sort();
  const inNames =
    names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : listed(names, 'and');
  return {
    id,
    name: 'VulnerablePackage',
    shortDescription: { text: `${messageText(id)}: ${severity} vulnerability in ${inNames}` },
    fullDescription: { text: title },
    defaultConfiguration: { level: levelOf(severity) },
    helpUri: publicationOf(id).url,
    help: { text: helpText(findings, worst), markdown: helpMarkdown(findings, worst) },
    properties: {
      tags: tagsOf(findings, severity),
      precision: 'very-high',
      'security-severity': securitySeverity(worst),
      aliases,
      ...(vector === undefined ? {} : { cvss: vector }),
    },
  };
}

/** As code scanning filters by them: its own queries name a CWE with three digits or more. */
function tagsOf(findings: readonly Finding[], severity: Finding['severity']): string[] {
  const cwes = [...new Set(findings.flatMap((finding) => finding.cwes))].flatMap((cwe) => {
    const number = /^CWE-(\d{1,6})$/.exec(cwe)?.[1];
    return number === undefined ? [] : [`external/cwe/cwe-${number.padStart(3, '0')}`];
  });
  const exploited = findings.some((finding) => finding.exploited) ? ['known-exploited'] : [];
  return ['security', 'vulnerability', severity, ...exploited, ...cwes].slice(0, tagsAccepted);
}

function helpText(findings: readonly Finding[], { id, title, aliases, severity }: Finding): string {
  const lines = [`${messageText(id)}: ${messageText(title)}`, `Severity: ${severity}`, ...knownTexts(findings)];
  if (aliases.length > 0) lines.push(`Also known as: ${aliases.map(messageText).join(', ')}`);
  for (const { name, version, fixed, fixState } of findings.slice(0, packagesInHelp)) {
    const fix = fixed.length === 0 ? noFixText(fixState) : `update to ${listed(fixed.map(messageText), 'or')}`;
    lines.push(`${messageText(name)} ${messageText(version)}: ${fix}`);
  }
  if (findings.length > packagesInHelp) lines.push(`and ${findings.length - packagesInHelp} more packages`);
  lines.push(publicationOf(id).url);
  return lines.join('\n');
}

function helpMarkdown(findings: readonly Finding[], { id, title, aliases, severity }: Finding): string {
  const { publisher, url } = publicationOf(id);
  const lines = [`**${markdownText(id)}** ${markdownText(title)}`, '', `Severity: **${severity}**`];
  for (const text of knownTexts(findings)) lines.push('', markdownText(text));
  if (aliases.length > 0) lines.push('', `Also known as ${aliases.map(markdownText).join(', ')}`);
  lines.push('', '| Package | Installed | Fixed in |', '| --- | --- | --- |');
  for (const { name, version, fixed, fixState } of findings.slice(0, packagesInHelp)) {
    const fix = fixed.length === 0 ? noFixText(fixState) : listed(fixed.map(markdownText), 'or');
    lines.push(`| ${markdownText(name)} | ${markdownText(version)} | ${fix} |`);
  }
  if (findings.length > packagesInHelp) lines.push('', `and ${findings.length - packagesInHelp} more packages`);
  lines.push('', `[${publisher}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`);
  return lines.join('\n');
}

/** What CISA and FIRST know of the flaw, one sentence each. */
function knownTexts(findings: readonly Finding[]): string[] {
  const exploited = findings.find((finding) => finding.exploited)?.exploited;
  const epss = findings.find((finding) => finding.epss)?.epss;
  const texts: string[] = [];
  if (exploited) {
    const ransomware = exploited.ransomware ? ', also by ransomware' : '';
    texts.push(`Known to be exploited${ransomware} (CISA KEV, added ${messageText(exploited.added)})`);
  }
  if (epss) texts.push(`Probability of exploitation within 30 days: ${(epss.score * 100).toFixed(1)} % (EPSS)`);
  if (findings.some((finding) => finding.disputed)) texts.push('Disputed: somebody contests that this is a flaw');
  return texts;
}
