/** Nothing to show: says so, and what to do next. */
import type { ReactNode } from 'react';

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card empty">
      <p className="headline">{title}</p>
      {children}
    </div>
  );
}
