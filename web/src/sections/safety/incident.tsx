/** One incident: the evidence, what the rollback changed, what had been active, and the way back. */
import { useState } from 'react';
import type { Incident } from '../../contract.js';
import { Moment } from '../../parts/moment.js';
import { useNews } from '../../parts/news.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Text } from '../../parts/text.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import { useIs } from '../../server/person.js';
import { sayCount } from '../../words.js';
import { sayActor, saySource } from './audit-words.js';
import { sayCheck } from './checks.js';
import { PatternNames } from './pattern-names.js';
import { nameSetting, sayRawValue } from './setting-words.js';

export function IncidentCard({ incident, isNewest }: { incident: Incident; isNewest: boolean }) {
  const { id, state, rollback, openedAt, rolledBackAt, closedAt, reason, source, actor } = incident;
  // A closed one from long ago holds settings from long ago.
  const mayRestore = useIs('admin') && rollback === 'done' && (state === 'open' || isNewest);
  return (
    <article className="card stack" aria-labelledby={id}>
      <div className="spread">
        <h3 id={id}>
          <Moment at={openedAt} />: {saySource(source)}
        </h3>
        <div className="row">
          <span className="badge" data-tone={state === 'open' ? 'alarm' : undefined}>
            {state === 'open' ? 'Open' : 'Closed'}
          </span>
          {rollback === 'pending' && (
            <span className="badge" data-tone="attention">
              Rollback not complete
            </span>
          )}
        </div>
      </div>
      <dl className="facts">
        <dt>By</dt>
        <dd>
          <Text>{sayActor(actor)}</Text>
        </dd>
        {reason !== null && (
          <>
            <dt>Reason</dt>
            <dd>
              <Text>{reason}</Text>
            </dd>
          </>
        )}
        <dt>Rolled back</dt>
        <dd>{rollback === 'done' ? <Moment at={rolledBackAt} /> : 'not yet: the next check completes it'}</dd>
        {closedAt !== null && (
          <>
            <dt>Closed</dt>
            <dd>
              <Moment at={closedAt} />
            </dd>
          </>
        )}
      </dl>
      <Evidence incident={incident} />
      <Changed incident={incident} />
      {incident.wereActiveCount > 0 && (
        <details>
          <summary>Were active, for an admin to approve again one by one: {incident.wereActiveCount}</summary>
          <PatternNames patterns={incident.wereActive} count={incident.wereActiveCount} />
        </details>
      )}
      {mayRestore && (
        <div className="actions">
          <Restore incident={incident} />
        </div>
      )}
    </article>
  );
}

function Evidence({ incident: { evidence, evidenceCount, source } }: { incident: Incident }) {
  if (evidenceCount === 0)
    return (
      <p>
        {source === 'manual'
          ? 'A person stopped everything: no other evidence was needed.'
          : 'No evidence is recorded.'}
      </p>
    );
  const checkIds = [...new Set(evidence.map(({ checkId }) => checkId))];
  return (
    <div>
      <p className="label">Evidence</p>
      <ul className="plain-list">
        {checkIds.map(checkId => (
          <EvidenceOf key={checkId} checkId={checkId} rows={evidence.filter(row => row.checkId === checkId)} />
        ))}
      </ul>
      {evidenceCount > evidence.length && (
        <p className="muted small">
          {evidence.length} of {evidenceCount} rows are shown.
        </p>
      )}
    </div>
  );
}

function EvidenceOf({ checkId, rows }: { checkId: string; rows: Incident['evidence'] }) {
  return (
    <li>
      {sayCheck(checkId)}: <b>{rows.length}</b>
      <details>
        <summary>Which rows</summary>
        <ul className="row-keys">
          {rows.map(({ key }) => (
            <li key={key}>
              <code>
                <Text>{key}</Text>
              </code>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

function Changed({ incident: { changed, snapshot, rollback, wereActive, wereActiveCount } }: { incident: Incident }) {
  if (rollback === 'pending' || changed === null) return null;
  const lists = ['patterns', 'queue', 'config'].map(name => (Array.isArray(changed[name]) ? changed[name] : null));
  const [patterns, queue, config] = lists;
  const before = readObject(snapshot?.config);
  // A long list comes cut short, with its count beside it.
  const off = patterns && wereActive.length < wereActiveCount ? wereActiveCount : patterns?.length;
  return (
    <div>
      <p className="label">What the rollback changed</p>
      <ul className="plain-list">
        <li>{off === 0 ? 'No pattern was on.' : `Switched off: ${sayCount(off ?? null, 'pattern')}.`}</li>
        <li>
          {queue?.length === 0
            ? 'No answer was waiting.'
            : `Cancelled: ${sayCount(queue?.length ?? null, 'waiting answer')}.`}
        </li>
        {(config ?? []).map(key => (
          <li key={String(key)}>
            {nameSetting(String(key))}: was {sayRawValue(before[String(key)])}, set to its safest value.
          </li>
        ))}
        {config?.length === 0 && <li>No setting had to change.</li>}
      </ul>
    </div>
  );
}

function readObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function Restore({ incident }: { incident: Incident }) {
  const [isOpen, setOpen] = useState(false);
  const say = useNews();
  const restoring = useAct({
    act: (reason: string) =>
      ask(api.POST('/api/incidents', { body: { action: 'restore', incidentId: incident.id, reason } })),
    onConfirmed: answer => {
      setOpen(false);
      const count = 'wereActive' in answer ? answer.wereActive.length : 0;
      say(
        count > 0
          ? `Restored. ${sayCount(count, 'pattern')} had been active: approve each again in Review.`
          : 'Restored. No pattern had been active.',
      );
    },
  });
  return (
    <>
      <button
        type="button"
        onClick={() => {
          restoring.reset();
          setOpen(true);
        }}
      >
        Restore
      </button>
      <ReasonDialog
        title="Restore after this incident"
        action="Restore"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={reason => restoring.mutate(reason ?? '')}
        isPending={restoring.isPending}
        error={restoring.error}
      >
        <p>
          The incident is closed, and settings that are no matter of safety get back the values they had. No pattern is
          switched on: what had been active is listed, for you to approve again one by one.
        </p>
      </ReasonDialog>
    </>
  );
}
