/**
 * The calls of Quo's API that a local Quo knows (quo-api.md §4.2, §4.3): messages, conversations, users, numbers, webhooks. Of v1
 * those that differ. Sending a text is not among them.
 */
import type { QuoListItem } from '../quo/encode.js';
import { type Answer, data, page, refuse, type Version } from './answers.js';
import type { Deliverer } from './deliver.js';
import type { LocalLine, LocalNumber } from './line.js';
import { makeSecret, type Scheme, type Subscriptions, showSubscription } from './webhooks.js';

export type Call = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> };

export async function answerCall(
  { method, path, query, body }: Call,
  version: Version,
  line: LocalLine,
  subscriptions: Subscriptions,
  deliverer: Deliverer,
): Promise<Answer> {
  const [noun, id, ...rest] = path.split('/').filter(Boolean);
  if (noun === 'webhooks')
    return answerWebhooks({ method, path, query, body }, version, subscriptions, line, deliverer);
  if (method !== 'GET')
    return refuse(version, 404, 'Not found', 'This local Quo only answers questions, and keeps webhooks.');
  const key = ({ id }: { id: string }) => id;
  switch (noun) {
    case 'messages':
      if (id !== undefined) return found(version, line.find(id));
      return version === 'v1' ? listMessagesV1(line, query) : listMessages(line, query);
    case 'conversations':
      return page(listConversations(line), query, key, version);
    case 'users':
      return id === undefined
        ? page([...line.users.values()], query, key, version)
        : found(version, line.users.get(id));
    case 'phone-numbers':
      if (rest[0] === 'users') return page([...line.users.values()], query, key, version);
      return id === undefined
        ? page(
            [...line.numbers.values()].map(each => showNumber(each, line, version)),
            query,
            key,
            version,
          )
        : found(version, line.numbers.get(id));
    case 'organization':
      return data({ id: 'ORlocal', name: 'A local business', subscriptionStatus: 'active' });
    default:
      return refuse(version, 404, 'Not found', 'There is no such call.');
  }
}

function found(version: Version, value: unknown): Answer {
  return value === undefined ? refuse(version, 404, 'Not found', 'There is nothing of this id.') : data(value);
}

function showNumber({ id, phoneNumber, name }: LocalNumber, line: LocalLine, version: Version) {
  return version === 'v1'
    ? { id, number: phoneNumber, name, users: [...line.users.values()] }
    : { id, phoneNumber, name, groupId: null };
}

function listMessages(line: LocalLine, query: URLSearchParams): Answer {
  const equals = (name: string, read: (item: QuoListItem) => string | null) =>
    query.has(name) ? (item: QuoListItem) => read(item) === query.get(name) : () => true;
  const all = query.get('to[all]')?.split(',');
  const [later, earlier] = ['createdAt[gt]', 'createdAt[lt]'].map(name =>
    query.has(name) ? Date.parse(query.get(name)!) : null,
  );
  if (Number.isNaN(later) || Number.isNaN(earlier))
    return refuse('2026-03-30', 400, 'Bad request', 'createdAt must be an ISO 8601 time.');
  const filters = [
    equals('from', item => item.from),
    equals('status', item => item.status),
    equals('direction', item => item.direction),
    equals('phoneNumberId', item => item.phoneNumberId),
    equals('userId', item => item.userId),
    (item: QuoListItem) => !query.has('to') || item.to.includes(query.get('to')!),
    (item: QuoListItem) => !all || [...item.to].sort().join() === [...all].sort().join(),
    (item: QuoListItem) => typeof later !== 'number' || Date.parse(item.createdAt) > later,
    (item: QuoListItem) => typeof earlier !== 'number' || Date.parse(item.createdAt) < earlier,
  ];
  const chosen = line.messages.filter(item => filters.every(fits => fits(item)));
  return page(chosen.map(showMessage), query, ({ id }) => id, '2026-03-30');
}

function showMessage(item: QuoListItem) {
  return { ...item, media: item.media ?? [], updatedAt: item.createdAt };
}

/** One line and its participants, all required, up to a hundred a page. */
function listMessagesV1(line: LocalLine, query: URLSearchParams): Answer {
  const participants = query.getAll('participants').concat(query.getAll('participants[]'));
  if (!query.has('phoneNumberId') || participants.length === 0 || !query.has('maxResults'))
    return refuse('v1', 400, 'Bad request', 'phoneNumberId, participants and maxResults are required.');
  const [after, before] = ['createdAfter', 'createdBefore'].map(name => Date.parse(query.get(name) ?? ''));
  const wanted = [...participants].sort().join();
  const chosen = line.messages.filter(item => {
    const others = item.direction === 'incoming' ? [item.from] : item.to;
    const atMs = Date.parse(item.createdAt);
    return (
      item.phoneNumberId === query.get('phoneNumberId') &&
      [...others].sort().join() === wanted &&
      !(atMs <= after!) &&
      !(atMs >= before!)
    );
  });
  return page(chosen.map(showMessage), query, ({ id }) => id, 'v1');
}

function listConversations({ messages }: LocalLine) {
  const newest = new Map<string, QuoListItem>();
  for (const item of messages) {
    const { conversationId } = item;
    if (conversationId && !newest.has(conversationId)) newest.set(conversationId, item);
  }
  return [...newest].map(([id, item]) => ({
    id,
    phoneNumberId: item.phoneNumberId,
    participants: item.direction === 'incoming' ? [item.from] : item.to,
    name: null,
    lastActivityAt: item.createdAt,
    lastActivityId: item.id,
    createdAt: item.createdAt,
    updatedAt: item.createdAt,
    deletedAt: null,
  }));
}

async function answerWebhooks(
  { method, path, query, body }: Call,
  version: Version,
  subscriptions: Subscriptions,
  line: LocalLine,
  deliverer: Deliverer,
): Promise<Answer> {
  const scheme: Scheme = version === 'v1' ? 'legacy' : 'standard';
  const [, id, act, deliveryId] = path.split('/').filter(Boolean);
  // v1 makes them under the kind of event: /v1/webhooks/messages.
  if (method === 'POST' && (id === undefined || (version === 'v1' && id === 'messages'))) {
    if (typeof body.url !== 'string' || !URL.canParse(body.url))
      return refuse(version, 400, 'Bad request', 'url must be an address.');
    if (!Array.isArray(body.events) || body.events.length === 0)
      return refuse(version, 400, 'Bad request', 'events must not be empty.');
    const created = subscriptions.create({
      ...readFields(body),
      url: body.url,
      scheme,
      dialect: version === 'v1' ? 'v4' : 'standard',
    });
    return created
      ? data(showSubscription(created, true), 201)
      : refuse(version, 400, 'Bad request', 'There are 50 already.');
  }
  const shown = [...subscriptions.all.values()]
    .filter(each => each.scheme === scheme)
    .map(each => showSubscription(each, false));
  if (id === undefined)
    return method === 'GET'
      ? page(shown, query, each => each.id, version)
      : refuse(version, 404, 'Not found', 'No such call.');
  const subscription = subscriptions.all.get(id);
  if (!subscription || subscription.scheme !== scheme)
    return refuse(version, 404, 'Not found', 'There is no such webhook.');
  if (act === 'events' && deliveryId === 'test') {
    const sample = line.messages[0];
    if (sample) await deliverer.send(subscription, { ...sample, id: 'ACsample' });
    return data({}, 202);
  }
  const log = subscriptions.deliveries.get(id) ?? [];
  if (act === 'events' && method === 'GET') return page(log, query, each => each.id, version);
  if (act === 'events' && method === 'POST' && path.endsWith('/retry')) {
    const item = line.find(log.find(each => each.id === deliveryId)?.resourceId ?? '');
    if (!item) return refuse(version, 404, 'Not found', 'There is no such delivery.');
    await deliverer.send(subscription, item, deliveryId);
    return data({}, 202);
  }
  if (act === 'rotate' && method === 'POST') {
    subscription.key = makeSecret(scheme);
    return data(showSubscription(subscription, true));
  }
  if (method === 'PATCH' && version !== 'v1') Object.assign(subscription, readFields(body));
  else if (method === 'DELETE') subscriptions.all.delete(id);
  else if (method !== 'GET') return refuse(version, 404, 'Not found', 'There is no such call.');
  return method === 'DELETE' ? { status: 204, body: null } : data(showSubscription(subscription, false));
}

function readFields(body: Record<string, unknown>) {
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : undefined);
  const fields = {
    url: typeof body.url === 'string' ? body.url : undefined,
    events: texts(body.events),
    resourceIds: texts(body.resourceIds),
    label: typeof body.label === 'string' ? body.label : undefined,
    status:
      body.status === 'disabled' ? ('disabled' as const) : body.status === 'enabled' ? ('enabled' as const) : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
