import { harmless } from '../../util/harmless.ts';

/** Longest value of a label, in characters: servers refuse a whole scrape for one that is too long. */
const longestLabel = 200;

/** One value, told apart from the others of its metric by labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of type gauge. Names and help are ours and need no escaping. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Metrics in Prometheus's text format 0.0.4; those without samples are left out. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples.map((sample) => sampleLine(name, sample)), ''].join(
        '\n',
      ),
    )
    .join('');
}

function sampleLine(name: string, { labels, value }: Sample): string {
  const texts = Object.entries(labels).map(([label, text]) => `${label}="${labelValue(text)}"`);
  return `${name}{${texts.join(',')}} ${value}`;
}

/** Control characters, line feeds too, have become visible codes: what is left to escape is the backslash and the quote. */
export function labelValue(text: string): string {
  const shown = harmless(text.length > longestLabel ? `${text.slice(0, longestLabel)}…` : text).toWellFormed();
  return shown.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
