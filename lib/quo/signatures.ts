/**
 * Proves that a delivery's bytes come from Quo, in either of its two signature schemes (quo-api.md §1.3, §1.4).
 * The law: anything missing, doubled, malformed or old is a refusal with a reason, never an exception and never a "skip".
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureScheme = 'standard' | 'legacy';
export type WebhookSecret = { scheme: SignatureScheme; key: Buffer };
export type RefusalReason =
  | 'no_signature'
  | 'malformed_header'
  | 'stale_timestamp'
  | 'no_secret_for_scheme'
  | 'bad_signature';
export type Verification =
  | { ok: true; scheme: SignatureScheme; deliveryId: string | null }
  | { ok: false; reason: RefusalReason; presentHeaders: string[] };

/** Five minutes both ways, as Quo's quickstart says; the legacy page's own number is cut off in every copy we have. */
const TOLERANCE_SECONDS = 300;
/** Rotation needs two; the bound keeps a hostile header from buying comparisons. */
const MAX_SIGNATURES = 10;
/** Each secret costs an HMAC over up to 1 MiB per request, before anything is known about the sender. */
const MAX_SECRETS = 20;
/** 128 bits. Quo's keys are 24 or 32 bytes. */
const MIN_KEY_BYTES = 16;
const SHA256_BYTES = 32;

const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'openphone-signature'] as const;
/** No dot: it separates the signed parts, so an id with one could move bytes between id, time and body. */
const DELIVERY_ID = /^[A-Za-z0-9_-]{1,255}$/;
/** At most 15 digits, so that the number is always a safe integer. */
const DIGITS = /^[0-9]{1,15}$/;
/** Any version is let through the grammar, since a later Quo may add one beside `v1`; junk is not. */
const STANDARD_ENTRY = /^v[0-9][0-9a-z]{0,7},[A-Za-z0-9+/_=-]{1,512}$/;
const LEGACY_ENTRY = /^[a-z0-9]{1,16};[0-9]{1,3};[0-9]{1,15};[A-Za-z0-9+/_=-]{1,512}$/;

/**
 * Reads `QUO_WEBHOOK_SECRETS`: comma-separated, `whsec_<base64>` for the new scheme, bare base64 for the legacy one.
 *
 * @returns 1 to 20 secrets, in the order given
 * @throws Error with one sentence that names the entry's position, never its value
 */
export function parseWebhookSecrets(list: string): WebhookSecret[] {
  if (list.trim() === '') throw new Error('No webhook secret is set.');
  const entries = list.split(',');
  if (entries.length > MAX_SECRETS) throw new Error(`More than ${MAX_SECRETS} webhook secrets are set.`);
  return entries.map((entry, index) => parseSecret(entry.trim(), `Webhook secret ${index + 1} of ${entries.length}`));
}

function parseSecret(entry: string, label: string): WebhookSecret {
  const scheme = entry.startsWith('whsec_') ? 'standard' : 'legacy';
  const encoded = scheme === 'standard' ? entry.slice('whsec_'.length) : entry;
  if (encoded === '') throw new Error(`${label} is empty.`);
  // Kept as bytes: Quo's old Node sample makes a latin1 string of the key, which breaks on bytes from 0x80 up.
  const key = decodeCanonicalBase64(encoded);
  if (key === null)
    throw new Error(`${label} is not valid base64 (a legacy secret is bare base64, a new one whsec_…).`);
  if (key.length < MIN_KEY_BYTES) throw new Error(`${label} is shorter than ${MIN_KEY_BYTES} bytes.`);
  return { scheme, key };
}

/**
 * @param rawBody the bytes as received, before any parsing
 * @param nowMs Unix milliseconds
 * @returns on success the scheme and, for the new one, the delivery id (the legacy scheme has none); on refusal the
 *   reason and which known signature headers were there: names only, for the log. Never throws.
 */
export function verifyDelivery(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: readonly WebhookSecret[],
  nowMs: number,
): Verification {
  const outcome = hasStandardHeader(headers)
    ? verifyStandard(headers, rawBody, secrets, nowMs)
    : verifyLegacy(headers, rawBody, secrets, nowMs);
  if (typeof outcome !== 'string') return outcome;
  return { ok: false, reason: outcome, presentHeaders: SIGNATURE_HEADERS.filter(name => headers.has(name)) };
}

/** One `webhook-*` header is enough: a request that half claims the new scheme must not fall back to the older one. */
function hasStandardHeader(headers: Headers): boolean {
  for (const name of headers.keys()) if (name.startsWith('webhook-')) return true;
  return false;
}

function verifyStandard(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: readonly WebhookSecret[],
  nowMs: number,
): Verification | RefusalReason {
  const deliveryId = headers.get('webhook-id') ?? '';
  const timestamp = headers.get('webhook-timestamp') ?? '';
  // The id's and the time's patterns refuse doubled headers by themselves: Headers joins those with ", ".
  if (!DELIVERY_ID.test(deliveryId) || !DIGITS.test(timestamp)) return 'malformed_header';
  const entries = splitEntries(headers.get('webhook-signature') ?? '', ' ', STANDARD_ENTRY);
  const signatures = entries?.filter(entry => entry.startsWith('v1,')).map(entry => entry.slice('v1,'.length)) ?? [];
  if (signatures.length === 0) return 'malformed_header';
  if (!isFresh(Number(timestamp) * 1000, Math.floor(nowMs / 1000) * 1000)) return 'stale_timestamp';
  const keys = keysOf(secrets, 'standard');
  if (keys.length === 0) return 'no_secret_for_scheme';
  const isGenuine = matchesAny(signatures, keys, `${deliveryId}.${timestamp}.`, rawBody);
  return isGenuine ? { ok: true, scheme: 'standard', deliveryId } : 'bad_signature';
}

function verifyLegacy(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: readonly WebhookSecret[],
  nowMs: number,
): Verification | RefusalReason {
  const header = headers.get('openphone-signature');
  if (header === null) return 'no_signature';
  const entries = splitEntries(header, ',', LEGACY_ENTRY);
  const candidates =
    entries?.filter(entry => entry.startsWith('hmac;1;')).map(entry => entry.split(';').slice(2)) ?? [];
  if (candidates.length === 0) return 'malformed_header';
  const fresh = candidates.filter(([timestamp = '']) => isFresh(legacyTimeMs(timestamp), nowMs));
  if (fresh.length === 0) return 'stale_timestamp';
  const keys = keysOf(secrets, 'legacy');
  if (keys.length === 0) return 'no_secret_for_scheme';
  // Raw bytes only: Quo signs compact JSON, so its "whitespace removed" rule needs no second try.
  const isGenuine = fresh.some(([timestamp = '', signature = '']) =>
    matchesAny([signature], keys, `${timestamp}.`, rawBody),
  );
  return isGenuine ? { ok: true, scheme: 'legacy', deliveryId: null } : 'bad_signature';
}

/** Live legacy headers carry 13 digits (milliseconds); twelve or more can't be seconds before the year 5138. */
function legacyTimeMs(timestamp: string): number {
  return timestamp.length >= 12 ? Number(timestamp) : Number(timestamp) * 1000;
}

/** Written so that NaN, whichever side it comes from, is stale. */
function isFresh(timeMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - timeMs) <= TOLERANCE_SECONDS * 1000;
}

/**
 * @returns null when there are too many entries or one is not of the grammar. Headers joins a doubled header with ", ",
 *   and neither grammar has a blank, nor the standard one a second comma: a doubled header is refused here too.
 */
function splitEntries(header: string, separator: ' ' | ',', grammar: RegExp): string[] | null {
  const entries = header.split(separator, MAX_SIGNATURES + 1);
  return entries.length <= MAX_SIGNATURES && entries.every(entry => grammar.test(entry)) ? entries : null;
}

function keysOf(secrets: readonly WebhookSecret[], scheme: SignatureScheme): Buffer[] {
  return secrets.filter(secret => secret.scheme === scheme).map(secret => secret.key);
}

function matchesAny(signatures: string[], keys: Buffer[], signedPrefix: string, rawBody: Uint8Array): boolean {
  const given = signatures.map(decodeCanonicalBase64).filter(bytes => bytes?.length === SHA256_BYTES);
  if (given.length === 0) return false;
  return keys.some(key => {
    const expected = createHmac('sha256', key).update(signedPrefix).update(rawBody).digest();
    return given.some(bytes => bytes !== null && timingSafeEqual(bytes, expected));
  });
}

/** Only the one canonical spelling: Buffer alone ignores junk, missing padding and stray bits at the end. */
function decodeCanonicalBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
