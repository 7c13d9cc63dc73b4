import { h, icon } from './dom.js';
import { stateWords } from './list.js';
import { account, accountPath, call, chat, on, state } from './state.js';

const EVENTS_MS = 1500;
const SHOWN_EVENTS = 30;

/** The right pane: the account's connection, the customer, and what Parley was told about it all. */
export function Panel(root) {
  const link = h('section.block', { 'aria-label': 'Connection' });
  const who = h('section.block', { 'aria-label': 'Customer' });
  const events = Events();
  root.append(
    h(
      'button.icon-btn.panel-close.not-wide',
      { type: 'button', 'aria-label': 'Close', onclick: () => root.classList.remove('is-open') },
      icon('close', 18),
    ),
    link,
    who,
    events,
  );
  on('accounts', () => link.replaceChildren(...Connection(account())));
  on('chat chats accounts', () => {
    const open = chat();
    who.hidden = !open;
    who.replaceChildren(...(open ? Customer(open) : []));
  });
}

function Connection(current) {
  if (!current) return [];
  const { name, phone, ref, features, state: link, qr, pairingCode } = current;
  const act = (change) =>
    call('POST', `/control/${accountPath()}/receive`, { kind: 'connection', ...change }).catch(() => undefined);
  const button = (label, change, primary) =>
    h(
      `button.btn.btn-sm${primary ? '.btn-primary' : '.btn-line'}`,
      { type: 'button', onclick: () => act(change) },
      label,
    );
  return [
    h('h2', {}, name),
    facts([
      ...(phone ? [['Number', phone]] : []),
      ['Ref', ref],
      ['State', h('span.state', {}, h(`i.dot.is-${link}`), stateWords[link])],
    ]),
    features.qr && qr
      ? h(
          'div.qr',
          {},
          h('img', { src: qr, alt: 'QR code that Parley shows, too', width: 200, height: 200 }),
          pairingCode ? h('code', {}, `${pairingCode.slice(0, 4)}-${pairingCode.slice(4)}`) : '',
        )
      : '',
    features.qr
      ? h(
          'div.acts',
          {},
          link === 'open'
            ? [button('Drop the connection', { state: 'drop', code: 408 }), button('Log out', { state: 'logout' })]
            : [
                button(qr ? 'Scan with this phone' : 'Link this phone', { state: 'open' }, true),
                link === 'close' ? button('Show a code', { state: 'connecting' }) : '',
              ],
        )
      : h(
          'div.acts',
          {},
          link === 'open'
            ? button('Ban this number', { state: 'banned' })
            : button('Lift the ban', { state: 'open' }, true),
        ),
  ];
}

function Customer({ name, phone, key, hidden, username, members, answers, blocked }) {
  return [
    h('h2', {}, name),
    facts([
      members ? ['Members', members.map((member) => member.name).join(', ')] : ['Number', phone ?? '–'],
      username && ['Username', username],
      hidden && ['Parley sees', 'no number'],
      blocked && ['Blocked', 'by the business'],
      answers > 0 && ['Answers', `${answers} more by themselves`],
      members && ['Id', h('code', {}, key)],
    ]),
  ];
}

function facts(pairs) {
  return h(
    'dl.facts',
    {},
    pairs.filter(Boolean).flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]),
  );
}

/** The last webhooks of the account, as the provider's side saw them. */
function Events() {
  const list = h('ol.events');
  const root = h(
    'section.block.grow',
    { 'aria-label': 'What Parley was told' },
    h('h2', {}, 'What Parley was told'),
    list,
  );
  let shown = '';
  async function load() {
    if (!state.account || document.visibilityState !== 'visible' || list.offsetParent === null) return;
    const entries = await fetch(`/control/${accountPath()}/journal?tail=${SHOWN_EVENTS}`).then((response) =>
      response.ok ? response.json() : [],
    );
    const text = JSON.stringify(entries);
    if (text === shown) return;
    shown = text;
    list.replaceChildren(...entries.reverse().map(Entry));
    if (entries.length === 0) list.append(h('li.none', {}, 'Nothing yet.'));
  }
  setInterval(() => load().catch(() => undefined), EVENTS_MS);
  on('chat accounts online', () => void load().catch(() => undefined));
  return root;
}

function Entry(entry) {
  const time = new Date(entry.at).toLocaleTimeString(undefined, { hourCycle: 'h23' });
  const [title, fact, kind] = { webhook: aboutWebhook, call: aboutCall, happened: aboutHappening }[entry.type](entry);
  const body =
    entry.body &&
    h('pre', {}, typeof entry.body === 'string' ? pretty(entry.body) : JSON.stringify(entry.body, null, 2));
  const line = [h(`i.dot.is-${kind}`), h('b', {}, title), h('span', {}, fact), h('time', {}, time)];
  return h('li', {}, body ? h('details', {}, h('summary', {}, line), body) : h('div.summary', {}, line));
}

function aboutWebhook({ event, about, attempts, outcome }) {
  const last = attempts.at(-1);
  const statuses = about.map(({ status }) => status).filter(Boolean);
  const tries = attempts.length > 1 ? `, try ${attempts.length}` : '';
  const answer = outcome === 'lost' ? 'lost on purpose' : last ? `${last.status ?? 'no answer'}${tries}` : 'on its way';
  const kind = { acked: 'open', pending: 'connecting', lost: 'close', refused: 'close', 'given-up': 'close' }[outcome];
  return [[event, ...new Set(statuses)].join(', '), answer, kind];
}

const aboutCall = ({ method, path, status, ms }) => [
  `${method} ${path.replace(/^\/(evolution|cloud-api|green-api)/, '').replace(/\?.*$/, '')}`,
  status === null ? 'not answered yet' : `${status}${ms === undefined ? '' : `, ${ms} ms`}`,
  status === null ? 'connecting' : status < 400 ? 'call' : 'close',
];

const aboutHappening = ({ kind, silent }) => [`Customer: ${kind}`, silent ?? '', silent ? 'connecting' : 'none'];

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
