/** A secret that one text of an exchange gives away leaves all of them, also where it is repeated without the words that gave it away: "4411 does not work". */
import type { Span } from './redaction.js';

/** Shorter values are words of every other sentence. */
const MIN_SECRET_LENGTH = 3;
/** More of them than this are no text message, and each is looked for in every text. */
export const MAX_SECRETS = 100;

/** What is taken out wherever it is repeated; names have their own rules. */
export function listSecrets(scans: readonly { spans: readonly Span[] }[]): Span[] {
  return scans.flatMap(scan => scan.spans).filter(span => span.type !== 'name');
}

/** @returns the text with the kind of each secret in its place */
export function hideSecrets(text: string, secrets: readonly Span[]): string {
  let hidden = text;
  for (const { value, type } of secrets) {
    const core = value.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    if (core.length < MIN_SECRET_LENGTH) continue;
    const literal = core.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    hidden = hidden.replace(
      new RegExp(`\\{\\{[a-z]+\\}\\}|(?<![\\p{L}\\p{N}])[+#*]?${literal}(?![\\p{L}\\p{N}])[#*]?`, 'giu'),
      found => (found.startsWith('{{') ? found : `{{${type}}}`),
    );
  }
  return hidden;
}
