#!/usr/bin/env bash
# Builds the project as Vercel does, offline and in a copy, with either line of the cron; then loads, calls and serves
# what would be deployed.
# usage: scripts/check-build.sh [FOLDER_OF_THE_CLI]
set -euo pipefail
cd "$(dirname "$0")/.."
cli="${1:-${TMPDIR:-/tmp}/v3pls-vercel-cli}"
if [ ! -x "$cli/node_modules/.bin/vercel" ]; then
  mkdir -p "$cli"
  # 360 MB: kept out of the project's own dependencies.
  npm install --prefix "$cli" --no-save --no-audit --no-fund --loglevel=error vercel@59.25.4
fi
root="$PWD"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
# What git would hand over, with the changes that are not committed yet.
git ls-files --cached --others --exclude-standard -z | while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done |
  tar --null -T - -cf - | tar -xf - -C "$copy"
ln -s "$root/node_modules" "$copy/node_modules"
cd "$copy"
mkdir .vercel
echo '{"projectId":"prj_local","orgId":"team_local","settings":{"framework":null,"nodeVersion":"22.x"}}' > .vercel/project.json
build() { VERCEL_TELEMETRY_DISABLED=1 "$cli/node_modules/.bin/vercel" build --yes --prod > build.log 2>&1 || { cat build.log; exit 1; }; }

for plan in hobby pro; do
  node --import tsx scripts/plan.ts "$plan" > /dev/null
  build
  node -e '
    const built = JSON.parse(require("fs").readFileSync(".vercel/output/config.json", "utf8")).crons;
    const wanted = JSON.parse(require("fs").readFileSync("vercel.json", "utf8")).crons;
    if (built.length !== 1 || JSON.stringify(built) !== JSON.stringify(wanted)) throw new Error("the build has other crons than vercel.json");
    console.log(`ok   cron of the plan ${process.argv[1]}: ${built[0].schedule} ${built[0].path}`);
  ' "$plan"
done
node scripts/call-built-functions.mjs
node --import tsx scripts/check-served-build.ts
