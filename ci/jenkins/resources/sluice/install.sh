#!/bin/sh
# Puts sluice into the folder $SLUICE_BIN, by default ~/.sluice/bin, and says so. $SLUICE_INSTALL names what to install:
#   nothing                sluice is on the PATH already, as it is in its container image
#   https://… or a file    the program in a single file, or the npm package (.tgz), which needs Node and no npm
#   sluice@1.2.3           the npm package of exactly that version, from the registry that npm is set to
#   a folder               a checkout of sluice: is built from its own lock file, unless it is built
# $SLUICE_INSTALL_SHA256 is the SHA-256 of the file: what is fetched is not run without it.
set -eu
umask 022

fail() {
  printf 'sluice: %s\n' "$*" >&2
  exit 1
}

from=${SLUICE_INSTALL:-}
digest=${SLUICE_INSTALL_SHA256:-}
bin=${SLUICE_BIN:-${HOME:?}/.sluice/bin}
program=$bin/../program
checked=yes

if [ -z "$from" ]; then
  command -v sluice >/dev/null || fail 'is not on the PATH; say what to install: set SLUICE_INSTALL'
  exit 0
fi
rm -rf -- "$program"
mkdir -p -- "$bin" "$program"
printf '*\n' >"$bin/../.gitignore"
file=$bin/../fetched
case $from in
  https://*)
    if command -v curl >/dev/null; then
      curl --fail --silent --show-error --location --proto '=https' --retry 3 --max-time 300 --output "$file" -- "$from"
    else
      wget -q -T 60 -O "$file" -- "$from"
    fi
    ;;
  *://*) fail "$from: only https:// can be fetched" ;;
  sluice@*[!0-9A-Za-z.+-]* | sluice@[!0-9]*) fail "$from: name one version, such as sluice@1.2.3" ;;
  sluice@*)
    packed=$(npm pack --silent --ignore-scripts --pack-destination "$bin/.." -- "$from") || fail "npm can't fetch $from"
    mv -f -- "$bin/../$packed" "$file"
    ;;
  *)
    [ -e "$from" ] || fail "$from: there is no such file or folder"
    if [ -d "$from" ]; then
      [ -f "$from/dist/sluice.mjs" ] || (cd -- "$from" && npm run --silent build >&2) || fail "$from can't be built"
      ln -sf -- "$(cd -- "$from" && pwd)/bin/sluice.mjs" "$bin/sluice"
      exit 0
    fi
    cp -- "$from" "$file"
    # Whoever could change this file could change the job: a digest is held against it only where one is given.
    [ -n "$digest" ] || checked=no
    ;;
esac

if [ "$checked" = yes ]; then
  [ "${#digest}" -eq 64 ] || { rm -f -- "$file"; fail "$from: set SLUICE_INSTALL_SHA256 to its SHA-256"; }
  sum=$( (sha256sum -- "$file" || shasum -a 256 -- "$file") 2>/dev/null) || fail 'needs sha256sum or shasum'
  [ "${sum%% *}" = "$digest" ] || { rm -f -- "$file"; fail "$from has the SHA-256 ${sum%% *}, not $digest"; }
fi
case $from in
  *.tgz | sluice@*)
    # The package holds all that it needs: unpacking it is installing it, and runs none of its code.
    tar -xzf "$file" -C "$program" --strip-components 1
    chmod 755 "$program/bin/sluice.mjs"
    ln -sf -- "../program/bin/sluice.mjs" "$bin/sluice"
    rm -f -- "$file"
    ;;
  *)
    chmod 755 "$file"
    mv -f -- "$file" "$bin/sluice"
    ;;
esac
