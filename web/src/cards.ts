/** Draws one pattern and the banner from what the server confirmed; nothing here changes anything. */
import type { Pattern } from './contract.js';
import { element, foreignText } from './elements.js';
import type { Safety } from './safety.js';
import { showTemplate } from './text.js';
import { sayConfidence, sayEvidence, sayFlag, sayGate, sayShadow, sayState, sayTime, sayToggle } from './words.js';

const EXAMPLES_SHOWN = 3;

export function drawPattern(pattern: Pattern, timeZone: string): HTMLElement {
  const judged = pattern.shadow?.judged;
  return element(
    'article',
    { class: 'card', 'data-state': pattern.status ?? 'unknown' },
    element(
      'div',
      { class: 'card-top' },
      element('span', { class: 'state' }, sayState(pattern.status)),
      drawToggle(pattern.isActive),
    ),
    element(
      'h3',
      { tabindex: '-1' },
      element('span', { class: 'label' }, 'Customers ask'),
      foreignText(pattern.triggerText || 'unknown'),
    ),
    drawExamples(pattern),
    element('p', { class: 'label' }, 'Staff answer'),
    element('blockquote', {}, foreignText(showTemplate(pattern.responseTemplate || 'unknown'))),
    drawFlags(pattern.flags ?? []),
    element(
      'dl',
      {},
      ...drawRow('Evidence', sayEvidence(pattern.evidence)),
      ...drawRow('Shadow', sayShadow(pattern.shadow, pattern.confidenceLowerBound)),
      ...drawRow('Confidence', sayConfidence(pattern.confidenceScore, judged)),
      ...drawRow('Last seen', sayTime(pattern.lastSeen, timeZone)),
    ),
    drawGates(pattern),
  );
}

/** Looks like the switch that it will be, and is read only: a picture of the state, with the state in words. */
function drawToggle(isActive: boolean | null | undefined): HTMLElement {
  const state = sayToggle(isActive);
  return element(
    'span',
    { class: 'toggle', 'data-on': String(isActive === true) },
    element('span', { class: 'unseen' }, 'Switch, read only: '),
    element('span', { class: 'toggle-track', 'aria-hidden': 'true' }),
    state,
  );
}

function drawExamples(pattern: Pattern): HTMLElement | null {
  const examples = (pattern.triggerExamples ?? []).filter(example => example !== pattern.triggerText);
  if (examples.length === 0) return null;
  const more = examples.length - EXAMPLES_SHOWN;
  return element(
    'ul',
    { class: 'examples', 'aria-label': 'Other ways customers asked' },
    ...examples.slice(0, EXAMPLES_SHOWN).map(example => element('li', {}, foreignText(example))),
    more > 0 ? element('li', { class: 'muted' }, `and ${more} more`) : null,
  );
}

function drawFlags(flags: readonly string[]): HTMLElement | null {
  if (flags.length === 0) return null;
  const items = flags.map(flag => element('li', {}, sayFlag(flag)));
  return element('ul', { class: 'flags', 'aria-label': 'Flags' }, ...items);
}

function drawGates(pattern: Pattern): HTMLElement | null {
  const gates = pattern.gates ?? [];
  if (gates.length === 0) return null;
  const refused = gates.filter(gate => gate.ok !== true).length;
  return element(
    'details',
    {},
    element('summary', {}, `What stands between it and more: ${refused} of ${gates.length} gates say no`),
    element(
      'ul',
      { class: 'gates' },
      ...gates.map(gate => element('li', {}, element('b', {}, gate.ok === true ? 'yes' : 'no'), ` ${sayGate(gate)}`)),
    ),
  );
}

function drawRow(term: string, value: string): HTMLElement[] {
  return [element('dt', {}, term), element('dd', {}, value)];
}

export function drawBanner(safety: Safety): HTMLElement {
  const facts = safety.facts.map(({ label, value, tone }) =>
    element('div', { 'data-tone': tone }, element('dt', {}, label), element('dd', {}, foreignText(value))),
  );
  return element(
    'div',
    { class: 'banner', 'data-tone': safety.tone },
    element('p', { class: 'headline' }, foreignText(safety.headline)),
    element('dl', {}, ...facts),
    element('p', { class: 'note' }, `Times are in ${safety.timeZone}.`),
  );
}
