// Before the first paint, or the page flashes in the other theme.
const night = matchMedia('(prefers-color-scheme: dark)');
const followTheme = () => {
  document.documentElement.dataset.theme = localStorage.getItem('theme') ?? (night.matches ? 'dark' : 'light');
};
followTheme();
night.addEventListener('change', followTheme);
