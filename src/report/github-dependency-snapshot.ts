import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { documentTime } from './document-time.ts';
import { gitHubBuild } from './github/build.ts';
import { manifestsOf } from './github/manifests.ts';
import { targetName } from './gitlab/places.ts';
import { stableName } from './junit/suite-name.ts';
import { jsonText } from './text-json.ts';

/** What stands for the address of the detector, which the schema wants, where no repository is known that sets it up. */
const detectorUrl = 'urn:sluice:detector';

/**
 * A snapshot for GitHub's dependency graph (REST API, "Create a snapshot of dependencies for a repository"). Commit, branch
 * and job are what GitHub Actions says of them; outside of it the members `sha` and `ref` are missing, for the user to add.
 */
export const report: Report = {
  id: 'github-dependency-snapshot',
  doc: "a snapshot for GitHub's dependency graph; commit and job are those of the GITHUB_* variables",
  render: (evidence, verdict, context) => jsonText(snapshotOf(evidence, verdict, context)),
};

function snapshotOf(evidence: Evidence, verdict: Verdict, context: ReportContext): object {
  const { target } = evidence;
  const { sha, ref, run, job = 'sluice', repository, url } = gitHubBuild(context.env ?? {});
  const content = target.digest ?? target.id;
  return {
    version: 0,
    job: {
      id: run ?? content ?? target.kind,
      // Snapshots of one correlator replace each other: each image that a job scans has its own.
      correlator: `${job} ${stableName(targetName(context))}`,
      ...(url === undefined ? {} : { html_url: url }),
    },
    sha,
    ref,
    detector: { name: 'sluice', version: context.version, url: repository ?? detectorUrl },
    metadata: {
      decision: verdict.decision,
      kind: target.kind,
      ...(content === undefined ? {} : { digest: content }),
      ...(target.platform === undefined ? {} : { platform: target.platform }),
    },
    scanned: documentTime(evidence, context),
    manifests: manifestsOf(evidence),
  };
}
