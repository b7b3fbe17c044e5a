/** The form for signing in with a token. The token goes to the server once and is kept nowhere on the page. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { SESSION_KEY } from '../server/query-client.js';
import { type Session, signIn } from '../server/session.js';

const MOST_CHARACTERS = 512;

/** @param reason why the reader is here again, or null the first time */
export function SignIn({ reason }: { reason: string | null }) {
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [message, setMessage] = useState(reason);
  const entering = useMutation({
    mutationFn: (token: string) => signIn({ token }),
    onSuccess: (session: Session) => {
      if (session.person) client.setQueryData(SESSION_KEY, session);
      else refuse(session.reason ?? '');
    },
    onError: error => refuse(error.message),
  });
  useEffect(() => {
    document.title = 'Sign in · V3-PLS';
    field.current?.focus();
  }, []);
  useEffect(() => setMessage(reason), [reason]);

  function refuse(why: string): void {
    setMessage(why);
    field.current?.focus();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (token === '') refuse('Enter your access token.');
    else entering.mutate(token);
  }

  return (
    <main className="narrow">
      <h1>V3-PLS</h1>
      <p>What your staff answer on the shared line, learned and kept inactive until an admin decides.</p>
      {message && (
        <p className="error" role="alert" id="sign-in-message">
          {message}
        </p>
      )}
      <form method="post" noValidate onSubmit={submit} className="stack">
        <label htmlFor="token">Access token</label>
        <input
          id="token"
          ref={field}
          type="password"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={MOST_CHARACTERS}
          required
          aria-invalid={message !== null}
          aria-describedby={message ? 'sign-in-message token-help' : 'token-help'}
        />
        <p className="muted" id="token-help">
          You stay signed in on this device for thirty days, or until you sign out. An admin can make a token for you.
        </p>
        <button type="submit" className="primary" disabled={entering.isPending}>
          {entering.isPending ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}
