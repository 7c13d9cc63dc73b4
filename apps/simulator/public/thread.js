import { avatar, dayOf, h, icon, startOfDay, timeOf } from './dom.js';
import { Body, Buttons, fateOf, summary, Tick } from './content.js';
import { account, chat, on, receive, state, tell } from './state.js';

const RUN_MS = 5 * 60_000;
const reactions = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** The messages of the open chat, as they stand on the customer's phone. */
export function Thread() {
  const log = h('div.log', { role: 'log', 'aria-label': 'Messages', tabIndex: 0 });
  const typing = h(
    'div.typing-line',
    { hidden: true, role: 'status' },
    h('span.typing', {}, h('i'), h('i'), h('i')),
    h('span.sr', {}, 'The business is typing'),
  );
  const scroller = h('div.scroll', {}, log, typing);
  const nodes = new Map();

  /** Whether the newest message is in sight: then it stays so, also when pictures above it arrive late. */
  let atEnd = true;
  scroller.addEventListener(
    'scroll',
    () => (atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80),
  );
  const sizes = new ResizeObserver(() => atEnd && toEnd());
  sizes.observe(log);
  sizes.observe(scroller);

  on('messages chat member', () => {
    nodes.clear();
    draw();
    toEnd();
  });
  on('message', (changed) => {
    nodes.delete(changed.id);
    if (changed.content.kind === 'reaction') nodes.delete(changed.content.target);
    draw();
    if (!changed.ours) toEnd();
  });
  on('typing chat', () => {
    typing.hidden = !state.typing.has(`${state.account} ${state.chat}`);
    if (!typing.hidden) toEnd();
  });
  return scroller;

  /** Only what changed is made anew: an open menu of another message stays as it is. */
  function draw() {
    const shown = state.messages.filter(({ content }) => content.kind !== 'reaction');
    const items = shown.flatMap((message, at) => {
      const before = shown[at - 1];
      const newDay = !before || startOfDay(before.at) !== startOfDay(message.at);
      const run =
        !newDay && before.ours === message.ours && before.author === message.author && message.at - before.at < RUN_MS;
      return [...(newDay ? [h('div.day', {}, h('span', {}, dayOf(message.at)))] : []), nodeOf(message, run)];
    });
    log.replaceChildren(...items);
  }

  function nodeOf(message, run) {
    const known = nodes.get(message.id);
    if (known) {
      known.classList.toggle('is-run', run);
      return known;
    }
    const node = Item(message, run);
    nodes.set(message.id, node);
    return node;
  }

  function toEnd() {
    atEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
  }
}

/** In a group everybody but the member we play stands on the other side. */
const isMine = ({ ours, author }) => !ours && (!author || `+${author}` === state.member);

function Item(message, run) {
  const { deleted, content, status } = message;
  const bare = content.kind === 'sticker' && !deleted;
  const classes = [
    'msg',
    isMine(message) ? 'is-out' : 'is-in',
    run && 'is-run',
    bare && 'is-bare',
    status === 'failed' && 'is-failed',
  ]
    .filter(Boolean)
    .join('.');
  return h(
    `div.${classes}`,
    {},
    h(
      'article',
      { 'aria-label': deleted ? 'Message deleted' : summary(content) },
      Author(message),
      h('div.bubble', {}, ...inside(message), Meta(message)),
      deleted ? '' : Buttons(message),
      Reactions(message),
      deleted ? '' : Tools(message),
    ),
  );
}

function inside(message) {
  if (message.deleted) return [h('em', {}, 'This message was deleted')];
  return [Quote(message), ...Body(message)].filter(Boolean);
}

function Author({ ours, author }) {
  const member = !ours && author ? chat()?.members?.find(({ phone }) => phone === `+${author}`) : undefined;
  return member ? h('span.who', {}, member.name) : '';
}

function Quote({ quoted }) {
  if (!quoted) return '';
  const original = state.messages.find(({ id }) => id === quoted);
  const name = original ? (original.ours ? account()?.name : chat()?.name) : '';
  return h('span.quote', {}, name ? h('b', {}, name) : '', original ? summary(original.content) : 'Original not here');
}

function Meta(message) {
  const { at, ours, edited, via } = message;
  const fate =
    ours && via === 'api'
      ? [h('span.fate', { title: 'What the provider has told Parley' }, fateOf(message)), '·']
      : via === 'device'
        ? ['from the business’s phone', '·']
        : [];
  return h(
    'span.meta',
    {},
    edited ? 'edited' : '',
    ...fate,
    h('time', { dateTime: new Date(at).toISOString() }, timeOf(at)),
    isMine(message) ? Tick(message) : '',
  );
}

function Reactions({ reactions: given }) {
  const all = Object.entries(given);
  if (all.length === 0) return '';
  return h(
    'div.reacts',
    {},
    all.map(([by, emoji]) => h(`span.react${by ? '.is-mine' : ''}`, { title: by ? 'Customer' : 'Business' }, emoji)),
  );
}

/** Shown on hover and focus: what a customer can do with a message. */
function Tools(message) {
  const { id, content } = message;
  const features = account()?.features ?? {};
  const mine = message.reactions[reactorKey()];
  const react = (emoji) => receive({ kind: 'reaction', target: id, emoji: mine === emoji ? '' : emoji });
  const button = (name, label, act) =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, icon(name, 16));
  const isText = content.kind === 'text';
  return h(
    'div.tools',
    {},
    h(
      'span.emojis',
      {},
      reactions.map((emoji) =>
        h(
          'button',
          {
            type: 'button',
            'aria-label': `React ${emoji}`,
            'aria-pressed': String(mine === emoji),
            onclick: () => react(emoji),
          },
          emoji,
        ),
      ),
    ),
    button('reply', 'Reply', () => compose({ replyTo: message, editing: undefined })),
    isMine(message) && isText && features.edit
      ? button('edit', 'Edit', () => compose({ editing: message, replyTo: undefined }))
      : '',
    isMine(message) && features.delete ? button('trash', 'Delete', () => receive({ kind: 'delete', target: id })) : '',
  );
}

const reactorKey = () => (chat()?.members ? (state.member ?? '').replace(/\D/g, '') : (state.chat ?? ''));

function compose(change) {
  Object.assign(state, change);
  tell('composer');
}

/** The name at the top of the phone is the business's: the customer has it among the contacts. */
export function Head(onBack, onPanel) {
  const name = h('h2');
  const sub = h('span.sub', { role: 'status' });
  const picture = h('span');
  on('chat accounts typing chats', () => {
    const current = account();
    const open = chat();
    if (!current || !open) return;
    const title = open.members ? open.name : current.name;
    name.textContent = title;
    picture.replaceChildren(
      avatar(title, open.members ? open.key : current.key, { size: 36, group: Boolean(open.members) }),
    );
    const typing = state.typing.has(`${state.account} ${state.chat}`);
    sub.textContent = typing ? 'typing…' : open.members ? `${open.members.length + 1} members` : current.phone;
    sub.classList.toggle('is-typing', typing);
  });
  return h(
    'header.phone-head',
    {},
    h(
      'button.icon-btn.only-narrow',
      { type: 'button', 'aria-label': 'Back to customers', onclick: onBack },
      icon('back', 20),
    ),
    picture,
    h('div.grow', {}, name, sub),
    h(
      'button.icon-btn.not-wide',
      { type: 'button', 'aria-label': 'Account and events', onclick: onPanel },
      icon('panel', 18),
    ),
  );
}
