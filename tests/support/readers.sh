#!/bin/sh
# Installs the programs with which the tests open what was written: Chromium, librsvg, poppler, Ghostscript, and a font
# for Chinese and Japanese. Only on Debian and its kin, and only as root; elsewhere the tests that need them are skipped.
# With CI=true nothing is skipped: what is missing then fails.
set -eu

missing=""
for pair in chromium:chromium rsvg-convert:librsvg2-bin pdftotext:poppler-utils gs:ghostscript; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "not installed, so some tests are skipped:$missing" >&2
    exit 0
fi
apt-get update -qq
# shellcheck disable=SC2086  # one word for each package
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
