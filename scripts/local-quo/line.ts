/**
 * What a local Quo holds: numbers, users, and the texts of its lines, in the shape of Quo's own lists (quo-api.md §4.2). The law:
 * a text that was written is in the list from that moment on, whatever becomes of its deliveries.
 */
import type { QuoListItem } from '../quo/encode.js';

export type LocalNumber = { id: string; phoneNumber: string; name: string };
export type LocalUser = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  role: 'owner' | 'admin' | 'member';
};

const FIRST_NAMES = ['Ana', 'Ben', 'Chloe', 'Dev', 'Elif', 'Femi', 'Gus', 'Hana'];

export class LocalLine {
  readonly numbers = new Map<string, LocalNumber>();
  readonly users = new Map<string, LocalUser>();
  /** Newest first. */
  #messages: QuoListItem[] = [];
  readonly #byId = new Map<string, QuoListItem>();

  /** Adds texts; numbers and users that they name come with them. @returns those that are new */
  write(items: readonly QuoListItem[]): QuoListItem[] {
    const added = items.filter(item => !this.#byId.has(item.id));
    for (const item of added) {
      this.#byId.set(item.id, item);
      this.#meet(item);
    }
    this.#messages = [...this.#messages, ...added].sort(compareNewestFirst);
    return added;
  }

  get messages(): readonly QuoListItem[] {
    return this.#messages;
  }

  find(id: string): QuoListItem | undefined {
    return this.#byId.get(id);
  }

  /** A user as Quo lists them; of somebody who left the workspace nothing is listed. */
  addUser(id: string, firstName = FIRST_NAMES[this.users.size % FIRST_NAMES.length]!): LocalUser {
    const user: LocalUser = {
      id,
      email: `${firstName.toLowerCase()}@example.com`,
      firstName,
      lastName: 'Local',
      role: this.users.size === 0 ? 'owner' : 'member',
    };
    this.users.set(id, user);
    return user;
  }

  #meet({ direction, phoneNumberId, from, to, userId }: QuoListItem): void {
    const ours = direction === 'incoming' ? to[0] : from;
    if (phoneNumberId && ours && !this.numbers.has(phoneNumberId))
      this.numbers.set(phoneNumberId, { id: phoneNumberId, phoneNumber: ours, name: `Line ${this.numbers.size + 1}` });
    if (direction === 'outgoing' && userId?.startsWith('US') && !this.users.has(userId)) this.addUser(userId);
  }
}

/** Quo lists the newest first; equal times by id, so that a cursor stands between two texts. */
export function compareNewestFirst(one: QuoListItem, other: QuoListItem): number {
  const byTime = Date.parse(other.createdAt) - Date.parse(one.createdAt);
  return byTime || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);
}
