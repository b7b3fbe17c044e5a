/** The shape of what is on its way, so that nothing jumps when it comes. */

const LINES = ['first', 'second', 'third', 'fourth', 'fifth'];

/** @param what such as `the patterns`: said to whoever cannot see the shapes */
export function Loading({ what, cards = 3 }: { what: string; cards?: number }) {
  return (
    <div className="loading">
      <p className="unseen" role="status">
        Loading {what}…
      </p>
      {LINES.slice(0, cards).map(line => (
        <div key={line} className="card skeleton" aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}
