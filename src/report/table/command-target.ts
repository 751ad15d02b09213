import type { ReportContext } from '../contract.ts';

/** What commands that look deeper are told to look at: a kept report is none of it, only the image that it is of. */
export function commandTarget({ name, judgedBy }: Pick<ReportContext, 'name' | 'judgedBy'>): string {
  return judgedBy?.kept ? (judgedBy.judging.names?.[0] ?? 'TARGET') : name;
}
