/** The sections: their addresses, their names, and where their code is. The first is loaded with the page, each other one when somebody first goes there. */
import { type ComponentType, lazy, type ReactNode } from 'react';
import type { Person } from '../contract.js';
import { ApprovedIcon, MineIcon, MonitoringIcon, ReviewIcon, SafetyIcon, TryIcon, WhyNotIcon } from '../parts/icons.js';
import Review from '../sections/review.js';

export type Section = {
  path: string;
  name: string;
  /** For the bar at the foot of a phone, where there is little room. */
  shortName: string;
  icon: ReactNode;
  Content: ComponentType;
  /** Who has it; without this, everybody. */
  isFor?: (person: Person) => boolean;
};

export const SECTIONS: readonly Section[] = [
  {
    path: '/review',
    name: 'Review',
    shortName: 'Review',
    icon: <ReviewIcon />,
    Content: Review,
  },
  {
    path: '/approved',
    name: 'Approved answers',
    shortName: 'Approved',
    icon: <ApprovedIcon />,
    Content: lazy(() => import('../sections/approved.js')),
  },
  {
    path: '/why-not',
    name: 'Why not?',
    shortName: 'Why not?',
    icon: <WhyNotIcon />,
    Content: lazy(() => import('../sections/why-not.js')),
  },
  {
    path: '/try',
    name: 'Try a text',
    shortName: 'Try',
    icon: <TryIcon />,
    Content: lazy(() => import('../sections/try-a-text.js')),
  },
  {
    path: '/monitoring',
    name: 'Monitoring',
    shortName: 'Monitoring',
    icon: <MonitoringIcon />,
    Content: lazy(() => import('../sections/monitoring.js')),
  },
  {
    path: '/safety',
    name: 'Safety',
    shortName: 'Safety',
    icon: <SafetyIcon />,
    Content: lazy(() => import('../sections/safety.js')),
  },
  {
    path: '/mine',
    name: 'Learned from me',
    shortName: 'From me',
    icon: <MineIcon />,
    Content: lazy(() => import('../sections/mine.js')),
    isFor: person => person.operatorId !== null,
  },
];

/** Reached from a pattern's card, so in no navigation. */
export const PatternSection = lazy(() => import('../sections/pattern.js'));
