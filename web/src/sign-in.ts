/** The form that asks for an access token; it says in a sentence why it is shown again. */
import { element } from './elements.js';

/** @param reason why the reader is here again, or null the first time */
export function drawSignIn(reason: string | null, signIn: (token: string) => void): HTMLElement {
  const message = element('p', { class: 'error', role: 'alert', id: 'sign-in-message' }, reason);
  message.hidden = reason === null;
  const input = element('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    maxlength: '512',
    required: true,
    'aria-describedby': 'sign-in-message token-help',
  });
  const form = element(
    'form',
    { method: 'post', novalidate: true },
    element('label', { for: 'token' }, 'Access token'),
    input,
    element(
      'p',
      { class: 'muted', id: 'token-help' },
      'You stay signed in on this device for thirty days, or until you sign out. An admin can make a token for you.',
    ),
    element('button', { type: 'submit', class: 'primary' }, 'Sign in'),
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    const token = input.value.trim();
    if (token !== '') return signIn(token);
    message.textContent = 'Enter your access token.';
    message.hidden = false;
    input.focus();
  });
  return element(
    'main',
    { class: 'narrow' },
    element('h1', {}, 'V3-PLS'),
    element('p', {}, 'What your staff answer on the shared line, learned and kept inactive until an admin decides.'),
    message,
    form,
  );
}
