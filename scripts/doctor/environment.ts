// The variables of the environment: present, and read by the same functions that the system reads them with. A value
// never stands in a check.
import {
  readAllowedOrigins,
  readAllowPreview,
  requireAdminToken,
  requireCronSecret,
  requirePrivacyKey,
  requireWebhookSecrets,
} from '../../lib/environment.js';
import { isThisMachine } from '../server/api-call.js';
import { readPort } from '../server/local-environment.js';
import { type Check, fail, pass, type Title, unknown } from './check.js';

export type Variable = {
  name: string;
  isSet: boolean;
  /** Why it cannot be used, in a sentence; null when it can, or is not set. */
  complaint: string | null;
  /** Generated for this machine, so it says nothing about a deployment. */
  isGenerated: boolean;
};

type Rule = {
  read?: () => unknown;
  isRequired?: boolean;
  /** How to come by a value, or what is missing without one. */
  todo: string;
  unset?: string;
};

const RANDOM = 'make one with "openssl rand -hex 32"';

const RULES: Record<string, Rule> = {
  ADMIN_TOKEN: { read: requireAdminToken, isRequired: true, todo: `The first admin's token: ${RANDOM}.` },
  CRON_SECRET: { read: requireCronSecret, isRequired: true, todo: `What the cron calls with: ${RANDOM}.` },
  QUO_WEBHOOK_SECRETS: {
    read: requireWebhookSecrets,
    isRequired: true,
    todo: "Quo shows it where the webhook is made (README, Connect Quo's webhook). Until then deliveries are answered 503.",
  },
  PRIVACY_KEY: {
    read: requirePrivacyKey,
    todo: `Erasing a customer refuses without it: ${RANDOM}, and keep it: with another key those who were erased are not recognised again.`,
  },
  ALLOWED_ORIGINS: { read: readAllowedOrigins, todo: '', unset: 'not set, so only the page itself may call' },
  ALLOW_PREVIEW: {
    read: readAllowPreview,
    todo: 'Preview deployments take deliveries and run crons with it: leave it out where previews share a database.',
    unset: 'not set, so preview deployments act on nothing',
  },
  QUO_API_KEY: {
    read: readApiKey,
    todo: '',
    unset: "not set, so nothing is read from Quo's API: operators are shown by their ids",
  },
  QUO_API_URL: { read: readApiUrl, todo: '', unset: "not set, so Quo's own" },
  PORT: { read: () => readPort(process.env.PORT), todo: '', unset: 'not set, so 3000; for this machine only' },
  DATA_DIR: { todo: '', unset: 'not set, so .data; for this machine only' },
};

/** @param generated names that came from this machine's own file of secrets */
export function inspectEnvironment(generated: readonly string[]): Variable[] {
  return Object.entries(RULES).map(([name, { read }]) => {
    const isSet = Boolean(process.env[name]);
    return { name, isSet, complaint: isSet && read ? complain(read) : null, isGenerated: generated.includes(name) };
  });
}

function complain(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Quo takes the bare key: with "Bearer" before it every call is refused. */
function readApiKey(): void {
  if (/\s/.test(process.env.QUO_API_KEY ?? '')) throw new Error('QUO_API_KEY must be the key alone, without a blank.');
}

function readApiUrl(): void {
  const url = process.env.QUO_API_URL ?? '';
  if (!URL.canParse(url) || !(new URL(url).protocol === 'https:' || isThisMachine(url)))
    throw new Error('QUO_API_URL must be an address that begins with https://.');
}

/** Who is asked with `--url`: it has an environment and a database of its own, which its answers speak of. */
export type Asked = 'nobody' | 'this machine' | 'elsewhere';

export function judgeEnvironment(variables: readonly Variable[], asked: Asked): Check[] {
  return variables.map(variable => judgeVariable(variable, RULES[variable.name]!, asked));
}

function judgeVariable({ name, isSet, complaint, isGenerated }: Variable, rule: Rule, asked: Asked): Check {
  const title: Title = { id: `environment.${name}`, title: name };
  if (complaint !== null) return fail(title, complaint, rule.todo || 'Correct it, or leave it out.');
  if (isSet && isGenerated && asked === 'elsewhere')
    return unknown(title, "this machine's own, generated; the deployment has another");
  if (isSet && isGenerated) return pass(title, 'generated for this machine, in DATA_DIR');
  if (isSet && name === 'ALLOW_PREVIEW') return unknown(title, 'set', rule.todo);
  if (isSet) return pass(title, 'set');
  if (rule.unset) return pass(title, rule.unset);
  if (asked !== 'nobody' && rule.isRequired)
    return unknown(title, "not set here; the deployment's answers below tell of its own");
  return rule.isRequired ? fail(title, 'not set', rule.todo) : unknown(title, 'not set', rule.todo);
}
