/** The environment, parsed by zod: a bad value is one clear sentence, never a fallback. Values never appear in a sentence. */
import * as z from 'zod';
import { Unavailable } from '../db/errors.js';
import { parseWebhookSecrets, type WebhookSecret } from './quo/signatures.js';

const adminToken = z
  .string()
  .min(32, 'ADMIN_TOKEN must have at least 32 characters.')
  .max(512, 'ADMIN_TOKEN is too long.');
const cronSecret = z
  .string()
  .min(16, 'CRON_SECRET must have at least 16 characters.')
  .max(512, 'CRON_SECRET is too long.');
const yes = z.enum(['1', 'true'], 'ALLOW_PREVIEW must be "true" or be left out.');

/** @throws Unavailable (503) with what to mend */
function requireValue(name: string, schema: z.ZodType<string>): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Unavailable(`${name} is not set.`);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Unavailable(parsed.error.issues[0]!.message);
  return parsed.data;
}

export const requireAdminToken = () => requireValue('ADMIN_TOKEN', adminToken);
export const requireCronSecret = () => requireValue('CRON_SECRET', cronSecret);

let parsed: { list: string; secrets: WebhookSecret[] } | null = null;

/** @throws Unavailable (503): an unset, empty or malformed secret never means "skip the check" */
export function requireWebhookSecrets(): readonly WebhookSecret[] {
  const list = requireValue('QUO_WEBHOOK_SECRETS', z.string());
  if (parsed?.list === list) return parsed.secrets;
  try {
    parsed = { list, secrets: parseWebhookSecrets(list) };
  } catch (error) {
    throw new Unavailable((error as Error).message);
  }
  return parsed.secrets;
}

const privacyKey = z
  .string()
  .min(32, 'PRIVACY_KEY must have at least 32 characters.')
  .max(512, 'PRIVACY_KEY is too long.');
export const requirePrivacyKey = () => requireValue('PRIVACY_KEY', privacyKey);

const QUO_API = 'https://api.quo.com';

/** With "Bearer" before it Quo refuses every call. */
const quoKey = z
  .string()
  .max(512, 'QUO_API_KEY is too long.')
  .regex(/^[!-~]+$/, 'QUO_API_KEY must be the key alone, without a blank.');
/** The key goes there, so it goes encrypted; only a local Quo on this machine may do without. */
const quoUrl = z
  .string()
  .transform(text => text.replace(/\/+$/, ''))
  .refine(
    text =>
      URL.canParse(text) &&
      (/^https:\/\//.test(text) || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/.test(text)),
    'QUO_API_URL must be an address that begins with https://.',
  );

/** @throws Unavailable (503) for a value that is none; null where there is no key */
export function readQuoAccess(): { key: string; url: string } | null {
  const { QUO_API_KEY, QUO_API_URL } = process.env;
  if (!QUO_API_KEY) return null;
  const key = quoKey.safeParse(QUO_API_KEY);
  const url = quoUrl.safeParse(QUO_API_URL || QUO_API);
  if (!key.success) throw new Unavailable(key.error.issues[0]!.message);
  if (!url.success) throw new Unavailable(url.error.issues[0]!.message);
  return { key: key.data, url: url.data };
}

/** A scheme, a host and perhaps a port, as browsers send it: no path, no slash at the end, no pattern. */
const originList = z
  .string()
  .transform(list => list.split(',').map(entry => entry.trim()))
  .refine(
    entries => entries.every(isOrigin),
    'ALLOWED_ORIGINS must be exact origins with commas between, such as "https://desk.example.com".',
  );

function isOrigin(entry: string): boolean {
  return /^https?:\/\/[a-z0-9.[\]:-]+$/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}

/** @throws Unavailable (503) for a list that is not one; unset means none */
export function readAllowedOrigins(): ReadonlySet<string> {
  const list = process.env.ALLOWED_ORIGINS;
  if (!list) return new Set();
  const parsed = originList.safeParse(list);
  if (!parsed.success) throw new Unavailable(parsed.error.issues[0]!.message);
  return new Set(parsed.data);
}

/** @throws Unavailable (503) for a value that is neither yes nor nothing */
export function readAllowPreview(): boolean {
  const value = process.env.ALLOW_PREVIEW;
  if (!value) return false;
  const parsed = yes.safeParse(value);
  if (!parsed.success) throw new Unavailable(parsed.error.issues[0]!.message);
  return true;
}

/** Preview deployments share secrets with production; they act on nothing unless ALLOW_PREVIEW says so. */
export function requireActingDeployment(): void {
  const { VERCEL_ENV } = process.env;
  if (!VERCEL_ENV || VERCEL_ENV === 'production' || VERCEL_ENV === 'development') return;
  if (readAllowPreview()) return;
  throw new Unavailable(
    'This is a preview deployment: it takes no deliveries and runs no crons unless ALLOW_PREVIEW is "true".',
  );
}
