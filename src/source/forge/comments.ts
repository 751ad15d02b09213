import type { ForgeAnswer, ForgeApi, ForgeRequest } from './http.ts';

/** Pages of comments that are looked through; on what has more a new comment is written. */
const maxPages = 50;

/** A comment that stands on a pull request. */
export interface StandingComment {
  /** What its address is made of. */
  readonly id: string;
  readonly text: string;
  /** Who wrote it, as {@link CommentHost.whoAmI} says who we are. */
  readonly author: string | undefined;
}

/** How one code host keeps the comments on a pull request. */
export interface CommentHost {
  /** Who the token speaks as; undefined where the host does not say. */
  whoAmI(api: ForgeApi): Promise<string | undefined>;
  /** The request for a page of comments, from 1; undefined where there are no more of them. */
  page(number: number): ForgeRequest | undefined;
  /** The comments of a page, and whether there may be another. */
  read(answer: ForgeAnswer): { readonly comments: readonly StandingComment[]; readonly more: boolean };
  create(text: string): ForgeRequest;
  update(comment: StandingComment, text: string): ForgeRequest;
  /** Whether the host lets nobody change another's comment: then who wrote it need not be known. */
  readonly guardsAuthors?: boolean;
}

/** What became of a comment. */
export type Commented = 'created' | 'updated' | 'unchanged';

/**
 * Puts a text where its marker, the whole first line, stands already in a comment of ours, else writes a new one. A
 * comment of somebody else with the same line is left alone: anybody may write one to have it overwritten, or not.
 * @throws SluiceError `forge/...`
 */
export async function comment(api: ForgeApi, host: CommentHost, text: string): Promise<Commented> {
  const own = await findOwn(api, host, firstLine(text));
  for (const standing of own) {
    if (sameText(standing.text, text)) return 'unchanged';
    const answer = await api.ask(host.update(standing, text));
    if (isSuccess(answer)) return 'updated';
    // Somebody else's, or gone in the meantime.
    if (![403, 404, 410].includes(answer.status) || !host.guardsAuthors)
      throw api.refusal('change the comment', answer);
  }
  const answer = await api.ask(host.create(text));
  if (isSuccess(answer)) return 'created';
  throw api.refusal('write a comment', answer);
}

async function findOwn(api: ForgeApi, host: CommentHost, marker: string): Promise<StandingComment[]> {
  const found: StandingComment[] = [];
  for (let number = 1; number <= maxPages; number++) {
    const request = host.page(number);
    if (!request) break;
    const answer = await api.ask(request);
    // A page of a sign-in or a proxy would look like a list without comments, and each run would write one more.
    if (!isSuccess(answer) || answer.json === undefined) throw api.refusal('list the comments', answer);
    const { comments, more } = host.read(answer);
    found.push(...comments.filter(({ text }) => firstLine(text) === marker));
    if (!more) break;
  }
  // Most pull requests have none yet, and then it does not matter who we are.
  if (found.length === 0 || host.guardsAuthors) return found;
  const me = await host.whoAmI(api);
  return me === undefined ? [] : found.filter(({ author }) => author === me);
}

function isSuccess({ status }: ForgeAnswer): boolean {
  return status >= 200 && status < 300;
}

function firstLine(text: string): string {
  return (/^[^\r\n]*/.exec(text)?.[0] ?? '').trimEnd();
}

/** Hosts change line ends, and take what stands at the end of a text away. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();
  return plain(a) === plain(b);
}
