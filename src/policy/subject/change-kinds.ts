/** All that can differ (`change.what`), in the order in which differences are told. */
export const changeKinds = [
  ...['manifest', 'base', 'user', 'entrypoint', 'cmd', 'workdir', 'env', 'port', 'label', 'volume', 'healthcheck'],
  ...['stop-signal', 'package', 'licence', 'setuid', 'certificate', 'account'],
] as const;
