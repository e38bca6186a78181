#!/bin/sh
# Sees to a Chromium for tests/browser; prints nothing where there is one already.
set -eu

for name in chromium chromium-browser google-chrome chrome; do
	if command -v "$name" >/dev/null 2>&1; then
		exit 0
	fi
done

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "Installing Chromium for the browser tests with apt-get: about 150 MB to download."
	apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends chromium >/dev/null &&
		exit 0
fi

echo "The browser tests need Chromium or Chrome in PATH: install one (on Debian:" \
	"apt-get install chromium, as root) and run make test again." >&2
exit 1
