/** A window over the page, for what needs an answer first. Focus, Escape and what a screen reader hears are Base UI's. */
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { CloseIcon } from './icons.js';
import './dialog.css';

type DialogProps = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** What has the focus first; without it, the first thing that can have it. */
  firstFocus?: RefObject<HTMLElement | null>;
  isWide?: boolean;
};

export function Dialog({ title, isOpen, onClose, children, firstFocus, isWide = false }: DialogProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={open => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className="dialog" data-wide={isWide || undefined} initialFocus={firstFocus}>
          <div className="dialog-top">
            <Base.Title>{title}</Base.Title>
            <Base.Close className="icon plain">
              <CloseIcon />
              <span className="unseen">Close</span>
            </Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
