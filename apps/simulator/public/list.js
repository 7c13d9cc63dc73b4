import { avatar, h, icon, whenOf } from './dom.js';
import { newCustomer } from './new-customer.js';
import { previewOf, Tick } from './content.js';
import { account, on, openAccount, openChat, state } from './state.js';

const providerNames = {
  evolution: 'Evolution API',
  'cloud-api': 'WhatsApp Cloud API',
  'green-api': 'GREEN-API',
  slack: 'Slack',
};

/** The left pane: which account is shown, and its customers, latest first. */
export function List(root) {
  const accounts = h('select.select', { 'aria-label': 'Account', onchange: () => openAccount(accounts.value) });
  const facts = h('p.list-facts');
  const search = h('input', {
    type: 'search',
    placeholder: 'Search customers',
    'aria-label': 'Search customers',
    oninput: () => (Object.assign(state, { search: search.value }), drawRows()),
  });
  const rows = h('ul.rows', { onkeydown: moveFocus });
  const empty = h('div.empty');
  root.append(
    h(
      'header.list-head',
      {},
      h('h2', {}, 'Customers'),
      themeButton(),
      h(
        'button.icon-btn',
        { type: 'button', 'aria-label': 'New customer', title: 'New customer', onclick: newCustomer },
        icon('new', 18),
      ),
    ),
    h('div.list-account', {}, h('span.select-box', {}, accounts, icon('down')), facts),
    h('label.input', {}, icon('search', 14), search),
    rows,
    empty,
  );
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.closest('input, textarea, select, dialog')) return;
    event.preventDefault();
    search.focus();
  });
  on('accounts', () => drawAccounts(accounts, facts));
  on('chats chat accounts', drawRows);

  function drawRows() {
    const shown = matching();
    rows.replaceChildren(...shown.map(Row));
    empty.replaceChildren(...(shown.length ? [] : nobody()));
  }
}

function drawAccounts(select, facts) {
  const groups = Map.groupBy(state.accounts, ({ provider }) => provider);
  select.replaceChildren(
    ...[...groups].map(([provider, of]) =>
      h(
        'optgroup',
        { label: providerNames[provider] ?? provider },
        of.map(({ key, name, ref }) =>
          h('option', { value: key, selected: key === state.account }, `${name} (${ref})`),
        ),
      ),
    ),
  );
  const current = account();
  facts.replaceChildren(
    ...(current
      ? [
          h(`i.dot.is-${current.state}`),
          [current.phone, stateWords[current.state] ?? current.state].filter(Boolean).join(', '),
        ]
      : []),
  );
}

export const stateWords = { open: 'connected', connecting: 'waiting for a phone', close: 'not connected' };

function matching() {
  const wanted = state.search.trim().toLowerCase();
  const all = [...state.chats.values()].sort((a, b) => b.lastAt - a.lastAt);
  return wanted
    ? all.filter(({ name, key, phone = '' }) => [name, key, phone].some((text) => text.toLowerCase().includes(wanted)))
    : all;
}

function Row(chat) {
  const { key, name, members, last, lastAt } = chat;
  const isUnread = last?.ours && !['read', 'played', 'failed'].includes(last.status) && !last.deleted;
  const current = key === state.chat;
  return h(
    'li',
    {},
    h(
      `button.row${current ? '.is-selected' : ''}${isUnread ? '.is-unread' : ''}`,
      { type: 'button', 'aria-current': current ? 'true' : undefined, onclick: () => openChat(key) },
      avatar(name, key, { group: Boolean(members) }),
      h('span.row-main', {},
        h('span.row-top', {}, h('span.row-name', { title: name }, name), lastAt ? h('time', {}, whenOf(lastAt)) : ''),
        h('span.row-sub', {}, last && !last.ours ? Tick(last) : '', h('span.row-preview', {}, previewOf(chat)), isUnread ? h('span.sr', {}, ', not read') : ''),
      ),
    ),
  ); // prettier-ignore
}

/** Arrows walk through the customers. */
function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
}

function nobody() {
  if (state.search) return [h('p', {}, `Nobody here is called “${state.search}”.`)];
  return [
    h('h3', {}, 'No customers yet'),
    h('p', {}, 'Make one, and write to this account as they would.'),
    h('button.btn.btn-primary', { type: 'button', onclick: newCustomer }, icon('new'), 'New customer'),
  ];
}

function themeButton() {
  const root = document.documentElement;
  const button = h('button.icon-btn', { type: 'button', onclick: flip });
  const draw = () => {
    const isDark = root.dataset.theme === 'dark';
    button.replaceChildren(icon(isDark ? 'sun' : 'moon', 18));
    button.title = button.ariaLabel = isDark ? 'Light theme' : 'Dark theme';
  };
  function flip() {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    localStorage.setItem('theme', root.dataset.theme);
    draw();
  }
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return button;
}
