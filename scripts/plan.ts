// `npm run -s plan -- hobby|pro`: sets the watchdog's schedule in vercel.json to what that plan of Vercel's allows, and says
// what it means. Nothing else in the file changes, and saying it twice changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeHobby, PLANS, type Plan, setSchedule } from './server/cron-plan.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE = 'npm run -s plan -- hobby   (a cron once a day)\nnpm run -s plan -- pro     (every five minutes)';
const DEFAULT_INTERVAL_MINUTES = 5;
const MEANING: Record<Plan, string> = {
  pro: 'The watchdog runs every five minutes. On Hobby the deploy would fail ("limited to daily cron jobs"): npm run -s plan -- hobby.',
  hobby: describeHobby(DEFAULT_INTERVAL_MINUTES),
};

runScript(async () => {
  const plan = readPlan(process.argv.slice(2));
  const file = path.resolve('vercel.json');
  const text = readText(file);
  const changed = setSchedule(text, PLANS[plan]);
  if (changed !== text) writeText(file, changed);
  const verb = changed === text ? 'has' : 'now has';
  console.log(`vercel.json ${verb} the ${plan} schedule, "${PLANS[plan]}" (UTC).\n${MEANING[plan]}`);
  if (changed !== text) console.log('Commit the file if Vercel builds from your repository, and deploy.');
}, USAGE);

function readPlan(words: string[]): Plan {
  const [word, ...others] = words;
  if (others.length === 0 && (word === 'hobby' || word === 'pro')) return word;
  throw new Refusal(USAGE);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Refusal('There is no vercel.json here: run this in the folder of the repository.');
  }
}

function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Refusal(`vercel.json cannot be written (${code}), so it keeps its schedule: make it writable.`);
  }
}
