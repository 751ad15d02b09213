#!/bin/sh
# The entry of the plugin's container: hands its settings to sluice ci, and ends with its exit code. Drone and Woodpecker
# give the setting fail_on as PLUGIN_FAIL_ON, a Bitbucket pipe as FAIL_ON.
set -eu

prefix=PLUGIN_
[ -z "${BITBUCKET_BUILD_NUMBER:-}" ] || prefix=

for name in IMAGE POLICY FAIL_ON SCANNERS DOCKERFILE BASELINE ENVIRONMENT REPORTS NO_COMMENT OFFLINE CACHE CACHE_DIR VEX; do
  # The names stand here: nothing from outside is evaluated, and the value is handed on as it is.
  eval "value=\${$prefix$name:-}"
  [ -z "$value" ] || export "SLUICE_$name=$value"
done
eval "value=\${${prefix}MIRROR:-}"
[ -z "$value" ] || export "SLUICE_FROM=$value"

minutes=
eval "minutes=\${${prefix}TIMEOUT_MINUTES:-15}"
case $minutes in
  '' | 0* | *[!0-9]* | ?????*)
    printf 'sluice: timeout_minutes takes a number from 1 to 9999\n' >&2
    exit 1
    ;;
esac
code=0
timeout -k 30 "$((minutes * 60))" sluice ci || code=$?
case $code in
  0 | 1 | 2 | 3) exit "$code" ;;
  # 124 as GNU ends, 143 as busybox does.
  124 | 137 | 143) printf 'sluice: took more than %s minutes\n' "$minutes" >&2 ;;
esac
exit 1
