/** The page's few signs, drawn as lines in the colour of the text beside them. None says anything that words do not say too. */
import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const ReviewIcon = () => (
  <Icon>
    <path d="M4 6h10M4 12h7M4 18h5M14 16l3 3 5-6" />
  </Icon>
);
export const ApprovedIcon = () => (
  <Icon>
    <path d="M8 4h8v4H8zM8 6H5v15h14V6h-3M9 14l2.5 2.5L16 12" />
  </Icon>
);
export const WhyNotIcon = () => (
  <Icon>
    <path d="M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 17.5v.1" />
    <circle cx="12" cy="12" r="9.5" />
  </Icon>
);
export const TryIcon = () => (
  <Icon>
    <path d="M3 5h18v12H12l-5 4v-4H3zM8 11h8" />
  </Icon>
);
export const MonitoringIcon = () => (
  <Icon>
    <path d="M3 20h18M5 16l5-6 4 3 6-8" />
  </Icon>
);
export const SafetyIcon = () => (
  <Icon>
    <path d="M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6z" />
  </Icon>
);
export const MineIcon = () => (
  <Icon>
    <circle cx="12" cy="8" r="4" />
    <path d="M4 21c.8-4.2 4-6 8-6s7.2 1.8 8 6" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M5 7h14M5 12h14M5 17h14" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6L6 18" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="M5 13l4.5 4.5L19 7" />
  </Icon>
);
export const CrossIcon = () => (
  <Icon>
    <path d="M7 7l10 10M17 7L7 17" />
  </Icon>
);
