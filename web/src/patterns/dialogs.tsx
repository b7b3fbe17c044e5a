/** The windows in which a pattern is edited, retired or merged: loaded when the first of them opens. */
import { lazy, Suspense } from 'react';
import type { Pattern } from '../contract.js';
import type { DialogName } from './card.js';

const EditDialog = lazy(() => import('./edit-dialog.js'));
const RetireDialog = lazy(() => import('./retire-dialog.js'));
const MergeDialog = lazy(() => import('./merge-dialog.js'));

export type OpenDialog = { name: DialogName; pattern: Pattern };

export function PatternDialog({ open, onClose }: { open: OpenDialog | null; onClose: () => void }) {
  if (!open) return null;
  const { name, pattern } = open;
  return (
    <Suspense>
      {name === 'edit' && <EditDialog pattern={pattern} onClose={onClose} />}
      {name === 'retire' && <RetireDialog pattern={pattern} onClose={onClose} />}
      {name === 'merge' && <MergeDialog pattern={pattern} onClose={onClose} />}
    </Suspense>
  );
}
