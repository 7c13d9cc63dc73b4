import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';

export type Step = 'channel' | 'details' | 'scan' | 'test';

/** Where one is on the way to a connected account. In the hand only the step that one is at has its name written. */
export function Steps({ at, linksPhone }: { at: Step; linksPhone: boolean }) {
  const words = useTranslations('accounts.steps');
  const steps: Step[] = linksPhone ? ['channel', 'details', 'scan', 'test'] : ['channel', 'details', 'test'];
  const now = steps.indexOf(at);
  return (
    <ol aria-label={words('label')} className="flex items-center gap-2">
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={step === at ? 'step' : undefined}
          className={cx(
            'flex items-center gap-1.5 whitespace-nowrap',
            index > 0 && "before:me-0.5 before:h-px before:w-3 before:bg-line-strong before:content-['']",
            index < now ? 'text-ok-ink' : step === at ? 'font-semibold' : 'text-ink-3',
          )}
        >
          <span
            className={cx(
              'num grid size-5 flex-none place-items-center rounded-full text-micro',
              index < now ? 'bg-ok-soft' : step === at ? 'bg-accent text-on-accent' : 'shadow-edge',
            )}
          >
            {index < now ? <Icon of={Check} size={12} /> : index + 1}
          </span>
          <span className={step === at ? '' : 'max-md:sr-only'}>{words(step)}</span>
        </li>
      ))}
    </ol>
  );
}
