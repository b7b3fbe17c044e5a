/**
 * Who the operators are: the names of Quo's users, where QUO_API_KEY is given. Asked for once a day at most by the cron, and by an
 * import. The law: a name is a convenience, and nothing waits for it or fails by it.
 */
import { claimOperatorNames, keepOperators } from '../db/operators.js';
import { readQuoAccess } from './environment.js';
import { createQuoClient, type QuoClient } from './quo/client.js';

const LONGEST_NAME = 200;

/** The cron's. @returns how many names are known now; null where there is no key, or they were asked for today @throws QuoError */
export async function refreshOperatorNames(budgetMs: number): Promise<number | null> {
  const access = readQuoAccess();
  if (!access || !(await claimOperatorNames())) return null;
  return readOperatorNames(createQuoClient({ ...access, deadlineMs: performance.now() + budgetMs }));
}

/** Asks now, whenever they were asked for last. @returns how many have a name @throws QuoError, and what the database throws */
export async function readOperatorNames(quo: Pick<QuoClient, 'listUsers'>): Promise<number> {
  const users = await quo.listUsers();
  const named = new Map(users.flatMap(({ id, name }) => (name ? [[id, name.slice(0, LONGEST_NAME)]] : [])));
  if (named.size > 0) await keepOperators([...named].map(([id, name]) => ({ id, name })));
  return named.size;
}
