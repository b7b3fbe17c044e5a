/** The kill switch: a reason, one press, and everything is off. Only an admin releases it. */
import { useState } from 'react';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Moment } from '../../parts/moment.js';
import { useNews } from '../../parts/news.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import { useIs } from '../../server/person.js';
import { saySource } from './audit-words.js';
import { useIncidents } from './reading.js';

export function KillSwitch() {
  const { data, error, isPending, refetch } = useIncidents();
  const mayStop = useIs('operator');
  const mayRelease = useIs('admin');
  if (isPending) return <Loading what="the kill switch" cards={1} />;
  if (error) {
    // Not knowing is no reason to have to wait.
    return (
      <section className="card stack" aria-label="Kill switch">
        <Failure what="Whether the kill switch is engaged is not known." error={error} retry={refetch} />
        {mayStop && <StopEverything isAgain={false} />}
      </section>
    );
  }
  const { engaged, since, source } = data.killSwitch;
  const isRollbackPending = data.incidents.some(incident => incident.rollback === 'pending');
  return (
    <section className="card kill-switch" aria-labelledby="kill-switch" data-engaged={engaged}>
      <div>
        <h2 id="kill-switch">Kill switch</h2>
        {engaged ? (
          <>
            <p className="headline">
              Engaged since <Moment at={since} />: {saySource(source)}.
            </p>
            <p>Nothing is in force, nothing is learned, and no pattern can be switched on.</p>
            {isRollbackPending && <p className="headline">A rollback is not complete. “Check now” completes it.</p>}
            {!mayRelease && <p>An admin can release it.</p>}
          </>
        ) : (
          <>
            <p className="headline">Not engaged</p>
            <p className="muted">
              It stops everything at once: every pattern is switched off, waiting answers are cancelled, and learning
              stops. Nothing is deleted.
              {!mayStop && ' Operators and admins can engage it.'}
            </p>
          </>
        )}
      </div>
      <div className="row">
        {mayStop && (!engaged || isRollbackPending) && <StopEverything isAgain={engaged} />}
        {mayRelease && engaged && <Release />}
      </div>
    </section>
  );
}

function StopEverything({ isAgain }: { isAgain: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const say = useNews();
  const stopping = useAct({
    act: (reason: string) => ask(api.POST('/api/incidents', { body: { action: 'rollback', reason } })),
    onConfirmed: answer => {
      setOpen(false);
      say(
        answer.status === 'pending'
          ? 'The kill switch is engaged. The rollback is not complete yet: the next check completes it.'
          : 'Everything is stopped: the kill switch is engaged, and all is rolled back.',
      );
    },
  });
  return (
    <>
      <button
        type="button"
        className="danger stop"
        onClick={() => {
          stopping.reset();
          setOpen(true);
        }}
      >
        {isAgain ? 'Roll back again' : 'Stop everything'}
      </button>
      <ReasonDialog
        title="Stop everything"
        action="Stop everything"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={reason => stopping.mutate(reason ?? '')}
        isDanger
        isPending={stopping.isPending}
        error={stopping.error}
        whatFailed="It is not known to be done."
      >
        <p>
          Every pattern is switched off and learning stops, at once. What was active is kept in a list, so that an admin
          can approve it again.
        </p>
      </ReasonDialog>
    </>
  );
}

function Release() {
  const [isOpen, setOpen] = useState(false);
  const say = useNews();
  const releasing = useAct({
    act: (reason: string) => ask(api.POST('/api/incidents', { body: { action: 'release', reason } })),
    onConfirmed: answer => {
      setOpen(false);
      const isEngaged = 'killSwitch' in answer && answer.killSwitch.engaged;
      say(
        isEngaged
          ? 'It was released, and has been engaged again meanwhile: look at the newest incident.'
          : 'The kill switch is released. Patterns and learning stay off until an admin switches them on.',
      );
    },
  });
  return (
    <>
      <button
        type="button"
        onClick={() => {
          releasing.reset();
          setOpen(true);
        }}
      >
        Release
      </button>
      <ReasonDialog
        title="Release the kill switch"
        action="Release"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={reason => releasing.mutate(reason ?? '')}
        isPending={releasing.isPending}
        error={releasing.error}
      >
        <p>
          Open incidents are closed. Nothing is switched on by this: patterns have to be approved again one by one, and
          learning is switched on under Settings.
        </p>
      </ReasonDialog>
    </>
  );
}
