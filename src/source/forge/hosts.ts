import { asArray, asRecord, asString } from '../../util/json.ts';
import type { CommentHost, StandingComment } from './comments.ts';
import type { ForgeAnswer, ForgeApi, ForgeRequest } from './http.ts';

/** Comments of a page: the most that the hosts give. */
const perPage = 100;

/** Where a pull request of GitHub's is, or of what speaks GitHub's language. */
export interface GithubPlace {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: string;
  /** What stands before the paths of the API: `v3/` of an Enterprise Server, whose GraphQL API is beside. */
  readonly prefix: string;
  /** Whether the host has a GraphQL API, by which alone a workflow's own token can ask who it is. */
  readonly graphql: boolean;
}

/** GitHub: a pull request's comments are those of the issue of the same number. */
export function githubComments({ repository, number, prefix, graphql }: GithubPlace): CommentHost {
  const base = `${prefix}repos/${repository.split('/').map(encodeURIComponent).join('/')}/issues`;
  return {
    whoAmI: (api) => (graphql ? viewer(api, prefix) : user(api, 'login', prefix)),
    page: (page) => get(`${base}/${number}/comments?per_page=${perPage}&page=${page}`),
    read: (answer) =>
      listed(answer, (one) => ({
        id: idOf(one.id),
        text: asString(one.body),
        author: asString(asRecord(one.user)?.login),
      })),
    create: (body) => ({ method: 'POST', path: `${base}/${number}/comments`, body: { body } }),
    update: ({ id }, body) => ({ method: 'PATCH', path: `${base}/comments/${id}`, body: { body } }),
  };
}

/** A workflow's token may not ask for `/user`; the GraphQL API tells it `github-actions[bot]`. */
async function viewer(api: ForgeApi, prefix: string): Promise<string | undefined> {
  const answer = await api.ask({ method: 'POST', path: 'graphql', body: { query: 'query{viewer{login}}' } });
  const login = asString(asRecord(asRecord(asRecord(answer.json)?.data)?.viewer)?.login);
  return login ?? user(api, 'login', prefix);
}

async function user(api: ForgeApi, key: string, prefix = ''): Promise<string | undefined> {
  const answer = await api.ask(get(`${prefix}user`));
  const value = asRecord(answer.json)?.[key];
  return answer.status === 200 ? idOf(value) : undefined;
}

/** Where a merge request of GitLab's is. */
export interface GitlabPlace {
  readonly project: string;
  readonly number: string;
}

/** GitLab: notes on a merge request. */
export function gitlabComments({ project, number }: GitlabPlace): CommentHost {
  const base = `projects/${encodeURIComponent(project)}/merge_requests/${number}/notes`;
  return {
    whoAmI: (api) => user(api, 'id'),
    page: (page) => get(`${base}?per_page=${perPage}&page=${page}&order_by=created_at&sort=asc`),
    read: (answer) =>
      listed(answer, (one) => ({
        id: one.system === true ? undefined : idOf(one.id),
        text: asString(one.body),
        author: idOf(asRecord(one.author)?.id),
      })),
    create: (body) => ({ method: 'POST', path: base, body: { body } }),
    update: ({ id }, body) => ({ method: 'PUT', path: `${base}/${id}`, body: { body } }),
  };
}

/** Where a pull request of Azure Repos is. */
export interface AzurePlace {
  readonly project: string;
  readonly repository: string;
  readonly number: string;
}

const azureVersion = 'api-version=7.0';

/** Azure Repos: a comment is the first of a thread, and all threads come in one answer. */
export function azureComments({ project, repository, number }: AzurePlace): CommentHost {
  const place = `${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(repository)}`;
  const base = `${place}/pullRequests/${number}/threads`;
  return {
    async whoAmI(api) {
      const answer = await api.ask(get('_apis/connectionData?api-version=7.0-preview'));
      return asString(asRecord(asRecord(answer.json)?.authenticatedUser)?.id);
    },
    page: (page) => (page === 1 ? get(`${base}?${azureVersion}`) : undefined),
    read: (answer) => ({ comments: azureThreads(answer), more: false }),
    create: (content) => ({
      method: 'POST',
      path: `${base}?${azureVersion}`,
      // A closed thread holds up no merge: the verdict is the gate's business.
      body: { comments: [{ parentCommentId: 0, content, commentType: 'text' }], status: 'closed' },
    }),
    update: ({ id }, content) => ({ method: 'PATCH', path: `${base}/${id}?${azureVersion}`, body: { content } }),
  };
}

function azureThreads({ json }: ForgeAnswer): StandingComment[] {
  return (asArray(asRecord(json)?.value) ?? []).flatMap((one): StandingComment[] => {
    const thread = asRecord(one);
    const first = asRecord(asArray(thread?.comments)?.[0]);
    const [threadId, commentId, text] = [idOf(thread?.id), idOf(first?.id), asString(first?.content)];
    if (threadId === undefined || commentId === undefined || text === undefined || first?.isDeleted === true) return [];
    return [{ id: `${threadId}/comments/${commentId}`, text, author: asString(asRecord(first?.author)?.id) }];
  });
}

/** Where a pull request of Bitbucket Cloud is. */
export interface BitbucketPlace {
  readonly workspace: string;
  readonly repository: string;
  readonly number: string;
}

/** Bitbucket Cloud, where nobody can change another's comment. */
export function bitbucketComments({ workspace, repository, number }: BitbucketPlace): CommentHost {
  const place = `repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(repository)}`;
  const base = `${place}/pullrequests/${number}/comments`;
  return {
    guardsAuthors: true,
    whoAmI: async () => undefined,
    page: (page) => get(`${base}?pagelen=${perPage}&page=${page}`),
    read: ({ json }) => {
      const { values, next } = asRecord(json) ?? {};
      const comments = (asArray(values) ?? []).flatMap((one) => {
        const record = asRecord(one);
        const [id, text] = [idOf(record?.id), asString(asRecord(record?.content)?.raw)];
        return id === undefined || text === undefined || record?.deleted === true
          ? []
          : [{ id, text, author: undefined }];
      });
      return { comments, more: asString(next) !== undefined };
    },
    create: (raw) => ({ method: 'POST', path: base, body: { content: { raw } } }),
    update: ({ id }, raw) => ({ method: 'PUT', path: `${base}/${id}`, body: { content: { raw } } }),
  };
}

function get(path: string): ForgeRequest {
  return { method: 'GET', path };
}

/** A list that is the whole answer; a page that is not full is the last. */
function listed(
  { json }: ForgeAnswer,
  read: (one: Record<string, unknown>) => {
    readonly id: string | undefined;
    readonly text: string | undefined;
    readonly author: string | undefined;
  },
): { comments: StandingComment[]; more: boolean } {
  const all = asArray(json) ?? [];
  const comments = all.flatMap((one): StandingComment[] => {
    const record = asRecord(one);
    const { id, text, author } = record ? read(record) : {};
    return id === undefined || text === undefined ? [] : [{ id, text, author }];
  });
  return { comments, more: all.length >= perPage };
}

/** An id as it may stand in an address; anything else is none. */
function idOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : asString(value);
  return text !== undefined && /^[\w.[\]@-]{1,100}$/.test(text) ? text : undefined;
}
