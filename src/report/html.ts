import type { Report } from './contract.ts';
import { page } from './html/document.ts';
import { reasonsSection, verdictSection } from './html/head.ts';
import { judgedBySection, waiversSection } from './html/judged-by.ts';
import { layersSection } from './html/layers.ts';
import { embeddedJson } from './html/markup.ts';
import { pageData } from './html/page-data.ts';
import { stepsSection } from './html/steps.ts';
import { summarySection } from './html/summary.ts';
import { plainSection } from './html/worst.ts';

/** One HTML file for people, which works from disk without a network. */
export const report: Report = {
  id: 'html',
  doc: 'one HTML file for people, which needs no network: layers, search, filters, links to findings',
  render: (evidence, verdict, context) => {
    const data = pageData(evidence, verdict, context);
    const { findings } = data;
    return page({
      title: context.name,
      decision: verdict.decision,
      version: context.version,
      before: [
        verdictSection(evidence, verdict, context.name),
        summarySection(findings, (evidence.target.base?.layers ?? 0) > 0),
        reasonsSection(verdict, findings),
        stepsSection(evidence),
        layersSection(evidence, findings),
      ],
      after: [waiversSection(verdict), judgedBySection(evidence, verdict)],
      plain: plainSection(data),
      data: embeddedJson(data),
    });
  },
};
