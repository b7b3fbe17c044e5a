/** Who did what to this pattern, and why. */
import type { PatternDetail } from '../../contract.js';
import { Moment } from '../../parts/moment.js';
import { Text } from '../../parts/text.js';
import { sayAction, sayActor } from '../safety/audit-words.js';

export function Audit({ entries }: { entries: PatternDetail['audit'] }) {
  return (
    <section className="card" aria-labelledby="audit">
      <h2 id="audit">Audit</h2>
      {entries.length === 0 ? (
        <p className="muted">Nobody has decided anything about it yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls in itself must be reachable by key
        <section className="table" aria-label="Audit of this pattern" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {entries.map(entry => (
                <tr key={entry.id}>
                  <td>
                    <Moment at={entry.at} />
                  </td>
                  <td>
                    <Text>{sayActor(entry.actor)}</Text>
                  </td>
                  <td>{sayAction({ ...entry, subject: null })}</td>
                  <td>
                    {entry.reason === null ? (
                      <span className="muted">no reason given</span>
                    ) : (
                      <Text>{entry.reason}</Text>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
