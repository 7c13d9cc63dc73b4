import { lateComponent } from '@/lib/late-component';

export const loadLeavingFile = () => import('./leaving-file').then((module) => module.LeavingFile);

/** Only who sends a file needs it. */
export const LeavingFile = lateComponent(loadLeavingFile);
