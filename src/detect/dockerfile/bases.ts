import { parseReference } from '../../model/reference.ts';

/** What stands for the user of an image that is not known. */
export const unknownUser = '?';

/** Images of Docker's library whose configuration names a user; all others of it run as root. */
const libraryUsers: ReadonlyMap<string, string> = new Map([
  ...['adminer', 'clearlinux-app', 'emqx', 'elasticsearch', 'haproxy', 'kibana', 'kong', 'liquibase'].map(same),
  ...['logstash', 'solr', 'sonarqube', 'spark', 'varnish', 'nats-streaming'].map(same),
  ...[['memcached', 'memcache'] as const, ['fluentd', 'fluent'] as const, ['rocket.chat', 'rocketchat'] as const],
  ...[['open-liberty', '1001'] as const, ['websphere-liberty', '1001'] as const],
]);

/** Publishers all of whose images run as root unless the image or its tag says otherwise. */
const rootRepositories = [
  ...[
    'gcr.io/distroless/',
    'mcr.microsoft.com/dotnet/',
    'mcr.microsoft.com/devcontainers/',
    'public.ecr.aws/docker/library/',
  ],
  ...[
    'docker.io/nvidia/cuda',
    'docker.io/rockylinux/',
    'docker.io/almalinux/',
    'docker.io/continuumio/',
    'quay.io/centos/',
  ],
  ...['registry.access.redhat.com/ubi8/ubi', 'registry.access.redhat.com/ubi9/ubi', 'docker.io/opensuse/'],
];

/**
 * Whom containers of an image run as, by the image's name: empty for root. {@link unknownUser} where it can not be told
 * without the image.
 */
export function userOfBase(image: string): string {
  if (image.toLowerCase() === 'scratch') return '';
  const named = repositoryOf(image);
  if (named === undefined) return unknownUser;
  const { repository, tag } = named;
  if (/(?:^|-)(?:nonroot|rootless|unprivileged|chiseled|chiseled-extra)(?:-|$)/.test(tag)) return 'nonroot';
  const library = /^docker\.io\/library\/(.+)$/.exec(repository)?.[1];
  if (library !== undefined) return libraryUsers.get(library) ?? '';
  return rootRepositories.some((start) => `${repository}/`.startsWith(start)) ? '' : unknownUser;
}

/** Repository in full, and tag, of an image's name; undefined where variables are left in it. */
export function repositoryOf(image: string): { readonly repository: string; readonly tag: string } | undefined {
  if (image.includes('$')) return undefined;
  try {
    const { registry, repository, tag } = parseReference(image);
    return { repository: `${registry}/${repository}`, tag: tag ?? '' };
  } catch {
    return undefined;
  }
}

function same(name: string): readonly [string, string] {
  return [name, name];
}
