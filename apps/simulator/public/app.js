import { Composer } from './composer.js';
import { h, icon } from './dom.js';
import { List } from './list.js';
import { follow } from './live.js';
import { newCustomer } from './new-customer.js';
import { Panel } from './panel.js';
import { chat, loadAccounts, on, openAccount, openChat, state } from './state.js';
import { Head, Thread } from './thread.js';

const app = document.querySelector('#app');
const panel = app.querySelector('.panel');
const stage = app.querySelector('.stage');

List(app.querySelector('.list'));
Panel(panel);
on('chat', () => {
  const open = Boolean(chat());
  phone.hidden = !open;
  welcome.hidden = open;
  app.dataset.pane = open ? 'phone' : 'list';
}); // first, so that what the others focus can be seen
const offline = h('p.offline', { role: 'alert', hidden: true }, 'The simulator is not answering. Trying again.');
const phone = h(
  'section.phone',
  { hidden: true, 'aria-label': 'Chat' },
  Head(
    () => openChat(undefined),
    () => panel.classList.add('is-open'),
  ),
  offline,
  Thread(),
  Composer(),
);
const welcome = h(
  'div.welcome',
  {},
  icon('smile', 24),
  h('h2', {}, 'Be the customer'),
  h(
    'p',
    {},
    'Pick somebody on the left, or make a new customer, and write to the business. What Parley answers arrives here.',
  ),
  h('button.btn.btn-line', { type: 'button', onclick: newCustomer }, icon('new'), 'New customer'),
);
stage.append(phone, welcome);

on('online', () => (offline.hidden = state.online));
document.addEventListener('keydown', ({ key, target }) => {
  if (key !== 'Escape' || target.closest('dialog, textarea, .attach')) return;
  if (panel.classList.contains('is-open')) panel.classList.remove('is-open');
  else void openChat(undefined);
});
addEventListener('hashchange', () => void fromHash());

await loadAccounts();
await fromHash();
follow();

/** `#provider/ref/chat`: what a link, or the last visit, wants to see. */
async function fromHash() {
  const [provider, ref, chatKey] = location.hash.slice(1).split('/');
  const known =
    state.accounts.find(({ key }) => key === `${provider}/${ref}`) ??
    state.accounts.find(({ key }) => key === localStorage.getItem('account')) ??
    state.accounts[0];
  if (known) await openAccount(known.key, chatKey && decodeURIComponent(chatKey));
}
