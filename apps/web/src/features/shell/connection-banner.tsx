'use client';

import { CheckCheck, LoaderCircle, WifiOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Banner } from '@/components/banner';
import { useConnection } from '@/lib/realtime/connection';

/** Short gaps pass unseen. */
const UNSEEN_MS = 1_500;
/** A line that stays away so long counts as none, whatever the machine says. */
const OFFLINE_MS = 10_000;
const CAUGHT_UP_MS = 2_000;

type Notice = 'reconnecting' | 'offline' | 'caughtUp' | null;

/** Says whether the screen is behind. Nothing while it is not. */
export function ConnectionBanner({ className }: { className?: string }) {
  const words = useTranslations('shell.connection');
  const notice = useNotice();
  return (
    <div role="status" aria-live="polite" className={className}>
      {notice && (
        <div className="animate-rise p-2">
          <Banner
            icon={{ reconnecting: LoaderCircle, offline: WifiOff, caughtUp: CheckCheck }[notice]}
            spin={notice === 'reconnecting'}
          >
            {words(notice)}
          </Banner>
        </div>
      )}
    </div>
  );
}

function useNotice(): Notice {
  const lost = useConnection().connected === false;
  const online = useSyncExternalStore(
    watchOnline,
    () => navigator.onLine,
    () => true,
  );
  const [notice, setNotice] = useState<Notice>(null);

  useEffect(() => {
    if (!lost) {
      setNotice((before) => (before === null ? null : 'caughtUp'));
      const timer = setTimeout(() => setNotice(null), CAUGHT_UP_MS);
      return () => clearTimeout(timer);
    }
    const soon = setTimeout(() => setNotice(online ? 'reconnecting' : 'offline'), UNSEEN_MS);
    const later = setTimeout(() => setNotice('offline'), OFFLINE_MS);
    return () => {
      clearTimeout(soon);
      clearTimeout(later);
    };
  }, [lost, online]);
  return notice;
}

function watchOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
