/** What went wrong, as `area/what`: stable, for machines; the message is for people. */
export type ErrorCode = `${string}/${string}`;

/**
 * A failure that sluice foresaw: it carries a code, one clear line, and often what to do.
 * The command line prints it without a stack trace and exits 1.
 */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  /** The one thing the user can do about it, if there is one. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.name = 'SluiceError';
    this.code = code;
    this.hint = hint;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
