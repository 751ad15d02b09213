import { xmlText } from '../text-xml.ts';
import type { Outcome, TestCase } from './test-case.ts';

/** Longest line that is written, in characters: some readers show a message as a heading, and refuse huge ones. */
const longestLine = 1000;

/** A test suite with what it says of itself. */
export interface TestSuite {
  readonly name: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly TestCase[];
}

/**
 * A document of one suite, in the subset of JUnit XML that the xUnit plugin's junit-10.xsd, Jenkins and GitLab have in
 * common. No time is in it: it would be the clock's.
 */
export function junitXml({ name, properties, cases }: TestSuite): string {
  const sums: Attributes = [
    ['name', name],
    ['tests', String(cases.length)],
    ['failures', String(cases.filter(({ failures }) => failures.length > 0).length)],
    ['errors', String(cases.filter(({ errors }) => errors.length > 0).length)],
  ];
  const skipped = String(cases.filter((one) => one.skipped !== undefined).length);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(sums.map(([key, value]) => [key, key === 'name' ? 'sluice' : value]))}>`,
    `  <testsuite${attributes([...sums, ['skipped', skipped], ['time', '0']])}>`,
    '    <properties>',
    ...properties.map(
      ([key, value]) =>
        `      <property${attributes([
          ['name', key],
          ['value', value],
        ])}/>`,
    ),
    '    </properties>',
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

type Attributes = readonly (readonly [name: string, value: string])[];

function caseXml({ classname, name, failures, errors, skipped, out }: TestCase): string {
  const children = [
    ...(skipped === undefined ? [] : [`      <skipped${attributes([['message', skipped]])}/>`]),
    ...errors.map((outcome) => outcomeXml('error', outcome)),
    ...failures.map((outcome) => outcomeXml('failure', outcome)),
    ...(out.length === 0 ? [] : [`      <system-out>${block(out)}</system-out>`]),
  ];
  const start = `    <testcase${attributes([
    ['classname', classname],
    ['name', name],
    ['time', '0'],
  ])}`;
  return children.length === 0 ? `${start}/>` : [`${start}>`, ...children, '    </testcase>'].join('\n');
}

function outcomeXml(element: 'error' | 'failure', { kind, message, lines }: Outcome): string {
  const given = attributes([
    ['type', kind],
    ['message', message],
  ]);
  // GitLab shows the text alone, without the message.
  return `      <${element}${given}>${block([message, ...lines])}</${element}>`;
}

function attributes(given: Attributes): string {
  return given.map(([name, value]) => ` ${name}="${text(value)}"`).join('');
}

function block(lines: readonly string[]): string {
  return lines.map(text).join('\n');
}

/** Some readers take `[[ATTACHMENT|path]]` in what a test prints for an order to publish that file. */
function text(line: string): string {
  const shown = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
  return xmlText(shown.replace(/\[(?=\[)/g, '[ '));
}
