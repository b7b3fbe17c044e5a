#!/usr/bin/env bash
# Builds the project as Vercel does, offline, then loads and calls every function of the output.
# usage: scripts/check-build.sh [FOLDER_OF_THE_CLI]
set -euo pipefail
cd "$(dirname "$0")/.."
cli="${1:-${TMPDIR:-/tmp}/v3pls-vercel-cli}"
if [ ! -x "$cli/node_modules/.bin/vercel" ]; then
  mkdir -p "$cli"
  # 360 MB: kept out of the project's own dependencies.
  npm install --prefix "$cli" --no-save --no-audit --no-fund --loglevel=error vercel@59.25.4
fi
rm -rf .vercel
mkdir -p .vercel
echo '{"projectId":"prj_local","orgId":"team_local","settings":{"framework":null,"nodeVersion":"22.x"}}' > .vercel/project.json
VERCEL_TELEMETRY_DISABLED=1 "$cli/node_modules/.bin/vercel" build --yes --prod
node scripts/call-built-functions.mjs
