'use client';

import { Toast as Base } from '@base-ui/react/toast';
import { Check, CircleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Icon } from './icon';
import { listen, TOAST_MS } from './toast';

const toasts = Base.createToastManager();

/** Shows what `say` and `complain` say. */
export function Toaster() {
  useEffect(() => listen(toasts), []); // after the provider's own effect, which hears of them
  return (
    <Base.Provider toastManager={toasts} limit={3} timeout={TOAST_MS}>
      <Base.Portal>
        <Base.Viewport className="fixed bottom-4 start-4 z-50 flex flex-col items-start gap-2 outline-none max-md:bottom-20 md:start-[72px]">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const { toasts: shown } = Base.useToastManager();
  return shown.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['down', 'left']}
      className="inline-flex min-h-10 max-w-[min(480px,calc(100vw-32px))] items-center gap-3 rounded-3 bg-ink pe-1.5 ps-3.5 text-ui text-pane shadow-menu transition-[opacity,translate] duration-[140ms] ease-out data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-1 data-starting-style:opacity-0"
    >
      <Icon of={toast.type === 'error' ? CircleAlert : Check} className="opacity-80" />
      <Base.Title className="pe-2 font-normal" />
      <Base.Action className="h-7 rounded-2 px-2.5 font-semibold hover:bg-current/15 focus-visible:outline-current" />
    </Base.Root>
  ));
}
