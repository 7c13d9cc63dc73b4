import { remembered } from '@/lib/remembered';
import { THEME_KEY } from './theme-script';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What this browser was told; `system` follows the machine. */
export const themeSetting = remembered<Theme>(THEME_KEY, 'system');

/** Puts the setting on the page, and keeps following the machine under `system`. Returns how to stop. */
export function followTheme(): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const theme = themeSetting.get();
    document.documentElement.dataset.theme =
      theme === 'dark' || (theme === 'system' && dark.matches) ? 'dark' : 'light';
  };
  apply();
  dark.addEventListener('change', apply);
  const forget = themeSetting.subscribe(apply);
  return () => {
    dark.removeEventListener('change', apply);
    forget();
  };
}
