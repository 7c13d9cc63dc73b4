/** Makes an element. Texts become text nodes, so nothing that anyone writes is ever read as markup. */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name || 'div');
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== 'list') element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** One of the symbols in the page, drawn in the colour of the text around it. */
export function icon(name, size = 16) {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('class', `i i-${size}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

const hues = [25, 60, 100, 150, 195, 240, 285, 340];

/** Initials in a tint of their own: people are circles, groups rounded squares. */
export function avatar(name, key, { group = false, size = 40 } = {}) {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter))
    .slice(0, 2)
    .join('');
  const hue = hues[[...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) % hues.length];
  return h(
    `span.avatar${group ? '.is-group' : ''}`,
    { style: `--h:${hue};--size:${size}px`, 'aria-hidden': 'true' },
    initials.toUpperCase() || '#',
  );
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

export const timeOf = (at) => clock.format(at);

/** As short as it can be understood: the time today, the day this week, else the date. */
export function whenOf(at) {
  const days = (startOfDay(Date.now()) - startOfDay(at)) / 86_400_000;
  if (days < 1) return clock.format(at);
  return days < 7 ? weekday.format(at) : date.format(at);
}

export function dayOf(at) {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(at)) / 86_400_000);
  return days === 0 ? 'Today' : days === 1 ? 'Yesterday' : day.format(at);
}

export const startOfDay = (at) => new Date(at).setHours(0, 0, 0, 0);

export const bytesOf = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

let toastTimer;

/** One sentence that goes away by itself. */
export function toast(text) {
  const box = document.querySelector('#toast');
  box.textContent = text;
  box.classList.add('is-on');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove('is-on'), 5000);
}
