// What the page would show an admin: whether it and its script come, and the list and the milestones that it reads.
import * as z from 'zod';
import { callApi } from '../server/api-call.js';

export type PageFacts = {
  /** What is wrong with the page itself; null when it and its script came. */
  fault: string | null;
  /** Undefined where the API did not tell: no token here, or one that is refused. */
  list?: { count: number; active: number };
  /** How many the monitoring measures of the plan's success metrics: day 1, week 1, month 1. */
  milestones?: [day1: number, week1: number, month1: number];
};

const ANSWER_LIMIT_MS = 20_000;
const MOST_CHARACTERS = 100_000;

const count = z.int().min(0);
const listAnswer = z.object({ counts: z.record(z.string(), count) });
const monitoringAnswer = z.object({ milestones: z.record(z.string(), z.unknown()).optional() });

export async function askPage(url: string, token: string | undefined): Promise<PageFacts> {
  const ask = (path: string) => (token ? callApi(url, path, { token }).catch(() => undefined) : undefined);
  const [fault, patterns, monitoring] = await Promise.all([
    findPageFault(url),
    ask('/api/patterns?status=all&limit=1'),
    ask('/api/monitoring?window=24h'),
  ]);
  const facts: PageFacts = { fault };
  const list = patterns?.status === 200 ? listAnswer.safeParse(patterns.body) : undefined;
  if (list?.success) facts.list = readCounts(list.data.counts);
  const told = monitoring?.status === 200 ? monitoringAnswer.safeParse(monitoring.body) : undefined;
  if (told?.success) facts.milestones = readMilestones(told.data.milestones ?? {});
  return facts;
}

function readCounts(counts: Record<string, number>): { count: number; active: number } {
  return { count: Object.values(counts).reduce((sum, some) => sum + some, 0), active: counts.active ?? 0 };
}

function readMilestones(milestones: Record<string, unknown>): [number, number, number] {
  const countOf = (name: string) => (Array.isArray(milestones[name]) ? milestones[name].length : 0);
  return [countOf('day1'), countOf('week1'), countOf('month1')];
}

async function findPageFault(url: string): Promise<string | null> {
  const page = await ask(url, '/');
  if (page === null) return 'the page does not answer';
  if (page.status !== 200) return `the page answered ${page.status}`;
  const script = findScript(page.text, url);
  if (script === null) return 'the page has no script of its own';
  const answer = await ask(url, script);
  if (answer?.status !== 200) return `the page's script ${script} answered ${answer?.status ?? 'nothing'}`;
  // A page in its place, as some hosts give for what they do not have.
  if (!/javascript/i.test(answer.type)) return `the page's script ${script} is ${answer.type || 'of no type'}`;
  return null;
}

/** The path of the page's first script, if it is from the same place. */
export function findScript(html: string, base: string): string | null {
  const source = /<script\b[^>]*\bsrc="([^"]+)"/i.exec(html)?.[1];
  if (source === undefined || !URL.canParse(source, base)) return null;
  const address = new URL(source, base);
  return address.origin === new URL(base).origin ? address.pathname + address.search : null;
}

async function ask(url: string, path: string): Promise<{ status: number; type: string; text: string } | null> {
  try {
    const answer = await fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    const text = (await answer.text()).slice(0, MOST_CHARACTERS);
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text };
  } catch {
    return null;
  }
}
