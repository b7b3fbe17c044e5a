/** Makes an access token. The token and its one-time link are shown once, in this window alone, and are kept nowhere on the page. */
import { type FormEvent, useState } from 'react';
import type { Role } from '../../contract.js';
import type { paths } from '../../openapi.js';
import { Choice } from '../../parts/choice.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import { showPlainly } from '../../text.js';

type NewToken = NonNullable<paths['/api/tokens']['post']['requestBody']>['content']['application/json'];

const MOST_NAME = 100;
const ROLES: { value: Role; name: string; may: string }[] = [
  { value: 'viewer', name: 'Viewer', may: 'Sees patterns and numbers, no exchanges.' },
  {
    value: 'operator',
    name: 'Operator',
    may: 'Reads exchanges, marks “don’t learn”, switches off and stops everything.',
  },
  { value: 'admin', name: 'Admin', may: 'Decides: approves, edits, releases, sets the rules and adds people.' },
];

export function NewTokenDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Add a person" isOpen={isOpen} onClose={onClose}>
      <NewTokenForm onClose={onClose} />
    </Dialog>
  );
}

/** A component of its own, so that closing the window forgets the token. */
function NewTokenForm({ onClose }: { onClose: () => void }) {
  const [role, setRole] = useState<Role>('viewer');
  const making = useAct({ act: (token: NewToken) => ask(api.POST('/api/tokens', { body: token })), isSecret: true });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = (name: string) => String(form.get(name) ?? '').trim();
    const [operatorId, days] = [read('operatorId'), read('days')];
    making.mutate({
      name: read('name'),
      role,
      ...(operatorId !== '' && { operatorId }),
      ...(days !== '' && { expiresInDays: Number(days) }),
    });
  }

  if (making.data) return <Made {...making.data} onClose={onClose} />;
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div>
        <label htmlFor="token-name">Name, as the audit will show it</label>
        <input id="token-name" name="name" maxLength={MOST_NAME} autoComplete="off" required />
      </div>
      <div>
        <p className="label">Role</p>
        <Choice label="Role" options={ROLES} value={role} onChange={setRole} />
        <p className="muted small">{ROLES.find(({ value }) => value === role)!.may}</p>
      </div>
      <div>
        <label htmlFor="token-operator">Quo user, such as USabc123 (may be left empty)</label>
        <input id="token-operator" name="operatorId" autoComplete="off" aria-describedby="token-operator-help" />
        <p className="muted small" id="token-operator-help">
          With it, the person sees what is learned from their own replies.
        </p>
      </div>
      <div>
        <label htmlFor="token-days">Days until it expires (may be left empty)</label>
        <input id="token-days" name="days" inputMode="numeric" autoComplete="off" />
      </div>
      {making.error && <Failure what="No token was made." error={making.error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={making.isPending}>
          {making.isPending ? 'Asking the server…' : 'Make the token'}
        </button>
      </div>
    </form>
  );
}

type MadeProps = { name: string; token: string; signInLink: string; onClose: () => void };

function Made({ name, token, signInLink, onClose }: MadeProps) {
  return (
    <div className="stack">
      <p className="notice" data-tone="attention" role="status">
        The token of {showPlainly(name)} is made. Copy what you need now: it is shown only this once.
      </p>
      <Secret label="Link for signing in once, within 24 hours" value={signInLink} />
      <Secret label="Access token" value={token} />
      <div className="actions">
        <button type="button" className="primary" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  );
}

function Secret({ label, value }: { label: string; value: string }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setOutcome('Copied.'),
      () => setOutcome('It could not be copied: select it and copy it by hand.'),
    );
  return (
    <div className="secret">
      <p className="label">{label}</p>
      <code>{value}</code>
      <div className="row">
        <button type="button" onClick={copy}>
          Copy<span className="unseen"> {label.toLowerCase()}</span>
        </button>
        <span className="muted small" role="status">
          {outcome}
        </span>
      </div>
    </div>
  );
}
