/** People: who may come in, as what, and until when. For admins. A token that is revoked opens nothing from the next request on. */
import { useState } from 'react';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Moment } from '../../parts/moment.js';
import { useNews } from '../../parts/news.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Text } from '../../parts/text.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import { showPlainly } from '../../text.js';
import { sayActor } from './audit-words.js';
import { NewTokenDialog } from './new-token.js';
import { useTokens } from './reading.js';

type Token = NonNullable<ReturnType<typeof useTokens>['data']>[number];

export function People() {
  const { data, error, isPending, refetch } = useTokens();
  const [isMaking, setMaking] = useState(false);
  const current = data?.filter(token => token.revokedAt === null) ?? [];
  const revoked = data?.filter(token => token.revokedAt !== null) ?? [];
  return (
    <section className="card stack" aria-labelledby="people">
      <div className="spread">
        <div>
          <h2 id="people">People</h2>
          <p className="muted">
            Everybody has an access token of their own. The first admin’s stands in the server’s settings.
          </p>
        </div>
        <button type="button" onClick={() => setMaking(true)}>
          Add a person
        </button>
      </div>
      <NewTokenDialog isOpen={isMaking} onClose={() => setMaking(false)} />
      {isPending ? (
        <Loading what="the access tokens" cards={1} />
      ) : error ? (
        <Failure what="The access tokens could not be loaded." error={error} retry={refetch} />
      ) : current.length === 0 ? (
        <p>Nobody but the first admin has a token.</p>
      ) : (
        <ul className="people">
          {current.map(token => (
            <Person key={token.id} token={token} />
          ))}
        </ul>
      )}
      {revoked.length > 0 && (
        <details>
          <summary>Revoked: {revoked.length}</summary>
          <ul className="people">
            {revoked.map(token => (
              <Person key={token.id} token={token} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Person({ token }: { token: Token }) {
  const { name, role, operatorId, createdBy, createdAt, expiresAt, revokedAt } = token;
  return (
    <li>
      <div>
        <p>
          <strong>
            <Text>{name}</Text>
          </strong>{' '}
          <span className="badge">{role}</span>
        </p>
        <p className="muted small">
          {operatorId !== null && `answers as ${showPlainly(operatorId)} · `}
          made by <Text>{sayActor(createdBy)}</Text>, <Moment at={createdAt} isDate />
          {' · '}
          {revokedAt !== null ? (
            <>
              revoked <Moment at={revokedAt} />
            </>
          ) : expiresAt !== null ? (
            <>
              until <Moment at={expiresAt} isDate />
            </>
          ) : (
            'does not expire'
          )}
        </p>
      </div>
      {revokedAt === null && <Revoke token={token} />}
    </li>
  );
}

function Revoke({ token }: { token: Token }) {
  const [isOpen, setOpen] = useState(false);
  const say = useNews();
  const name = showPlainly(token.name);
  const revoking = useAct({
    act: () => ask(api.DELETE('/api/tokens', { params: { query: { id: token.id } } })),
    onConfirmed: () => {
      setOpen(false);
      say(`The token of ${name} is revoked.`);
    },
  });
  return (
    <>
      <button
        type="button"
        onClick={() => {
          revoking.reset();
          setOpen(true);
        }}
      >
        Revoke<span className="unseen"> {name}</span>
      </button>
      <ReasonDialog
        title={`Revoke the token of ${name}`}
        action="Revoke"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => revoking.mutate(undefined)}
        hasReason={false}
        isDanger
        isPending={revoking.isPending}
        error={revoking.error}
      >
        <p>
          It opens nothing from the next request on, and whoever is signed in with it is signed out. It cannot be
          undone.
        </p>
      </ReasonDialog>
    </>
  );
}
