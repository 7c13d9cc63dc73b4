import { StatesGate } from '@/features/states/states-gate';

/** Every state of every part on one sheet, for whoever works on them: in development and in the demo. */
export default function StatesPage() {
  return <StatesGate />;
}
