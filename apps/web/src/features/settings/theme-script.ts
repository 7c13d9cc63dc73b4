/** Where the theme is remembered. */
export const THEME_KEY = 'parley.theme';

/** Runs in the head, before anything is painted. It must stand alone. */
export const themeScript = `try{var t=JSON.parse(localStorage.getItem('${THEME_KEY}'))}catch(e){}
document.documentElement.dataset.theme=t==='dark'||t!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'`;
