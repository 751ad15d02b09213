import { closeSync } from 'node:fs';
import { openFile, readWholeRegion } from '../../source/file.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { requestNumber } from './platform.ts';

/** Largest event that is read, in bytes: GitHub sends none of more than 25 MiB. */
const mostBytes = 32 * 1024 * 1024;

/** What the event that started a workflow tells of it. */
export interface GithubEvent {
  readonly pullRequest?: string | undefined;
  readonly defaultBranch?: string | undefined;
  /** The repository that a pull request comes from. */
  readonly from?: string | undefined;
}

/** Reads the event that started a workflow. What can't be read tells nothing, and the scan goes on without. */
export function readGithubEvent(path: string | undefined): GithubEvent {
  if (path === undefined) return {};
  try {
    const { fd, size } = openFile(path, path);
    try {
      return size > mostBytes ? {} : eventOf(parseJson(readWholeRegion(fd, 0, size)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return {};
  }
}

function eventOf(value: unknown): GithubEvent {
  const event = asRecord(value);
  const request = asRecord(event?.pull_request);
  const number = request?.number ?? (request ? event?.number : undefined);
  return {
    pullRequest: requestNumber(String(number ?? '')),
    defaultBranch: asString(asRecord(event?.repository)?.default_branch),
    from: asString(asRecord(asRecord(request?.head)?.repo)?.full_name),
  };
}
