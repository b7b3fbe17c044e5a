/** The head of a section: its heading, the name of the browser's tab, one sentence on what it is for, and what can be done with all of it. */
import { type ReactNode, useEffect } from 'react';

type SectionTitleProps = {
  title: string;
  /** One sentence for whoever comes the first time. */
  purpose?: ReactNode;
  /** Links and buttons that belong to the whole section. */
  children?: ReactNode;
};

export function SectionTitle({ title, purpose, children }: SectionTitleProps) {
  useEffect(() => {
    document.title = `${title} · V3-PLS`;
  }, [title]);
  return (
    <div className="section-top">
      <div>
        <h1>{title}</h1>
        {purpose && <p className="muted">{purpose}</p>}
      </div>
      {children && <div className="row no-print">{children}</div>}
    </div>
  );
}
