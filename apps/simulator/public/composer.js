import { h, icon, toast } from './dom.js';
import { summary } from './content.js';
import { account, chat, on, receive, state, tell } from './state.js';

/** Typing is told at most this often, and ends this long after the last key. */
const TYPING_EVERY_MS = 3000;
const TYPING_ENDS_MS = 4000;

const samples = [
  ['image', 'Photo of a parcel', { kind: 'image', media: 'parcel', text: 'It arrived today' }],
  ['image', 'Photo of a cup', { kind: 'image', media: 'cup', text: 'It came cracked' }],
  ['image', 'Screenshot', { kind: 'image', media: 'screenshot' }],
  ['video', 'Video', { kind: 'video', media: 'wheel', text: 'Hear that?' }],
  ['mic', 'Voice message', { kind: 'voice' }],
  ['music', 'Audio file', { kind: 'audio' }],
  ['file', 'Document', { kind: 'document', media: 'invoice' }],
  ['sticker', 'Sticker', { kind: 'sticker' }],
  ['pin', 'Location', { kind: 'location', title: 'Depot 4', address: '12 Quay Rd' }],
  ['card', 'Contact', { kind: 'contact', contacts: [{ name: 'Ted Orr', phone: '+15550203311' }] }],
  ['poll', 'Poll', { kind: 'poll', text: 'Lunch on Friday?', options: ['Soup', 'Rice', 'Neither'] }],
  ['call', 'Call', { kind: 'call' }, 'typing'],
];

/** Where the customer writes. Enter sends; Shift and Enter is a new line. */
export function Composer() {
  const text = h('textarea', {
    rows: 1,
    placeholder: 'Message',
    'aria-label': 'Message',
    oninput: onInput,
    onkeydown: onKey,
    maxLength: 65_536,
  });
  const send = h('button.send', { type: 'submit', 'aria-label': 'Send' }, icon('send', 20));
  const strip = h('div.strip', { hidden: true });
  const speaker = h('select.select', { 'aria-label': 'Write as', onchange: () => speakAs(speaker.value) });
  const speaking = h('span.select-box', {}, speaker, icon('down'));
  const menu = AttachMenu();
  const typing = TypingTeller();
  const form = h(
    'form.composer',
    { onsubmit },
    strip,
    speaking,
    h('div.composer-row', {}, menu.button, text, send),
    menu.list,
  );
  on('chat', () => {
    text.value = '';
    fit();
    drawStrip();
    if (chat() && matchMedia('(hover: hover)').matches) text.focus({ preventScroll: true });
  });
  on('composer', () => {
    if (state.editing) text.value = state.editing.content.text;
    drawStrip();
    fit();
    text.focus();
  });
  on('chat chats', drawSpeaker);
  return form;

  async function onsubmit(event) {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    const { replyTo, editing } = state;
    Object.assign(state, { replyTo: undefined, editing: undefined });
    text.value = '';
    fit();
    drawStrip();
    typing.stop();
    try {
      await receive(
        editing ? { kind: 'edit', target: editing.id, text: words } : { text: words, replyTo: replyTo?.id },
      );
    } catch {
      text.value = words; // nothing a person wrote is lost
      fit();
    }
  }

  function onInput() {
    fit();
    typing.note();
  }

  function onKey(event) {
    if (event.key === 'Escape') return state.replyTo || state.editing ? cancel() : text.blur();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  function cancel() {
    if (state.editing) text.value = '';
    Object.assign(state, { replyTo: undefined, editing: undefined });
    drawStrip();
    fit();
  }

  function drawStrip() {
    const about = state.editing ?? state.replyTo;
    strip.hidden = !about;
    if (!about) return;
    const what = state.editing ? 'Edit message' : `Reply to ${about.ours ? account()?.name : 'yourself'}`;
    strip.replaceChildren(
      h('span.quote', {}, h('b', {}, what), summary(about.content)),
      h('button.icon-btn', { type: 'button', 'aria-label': 'Cancel', onclick: cancel }, icon('close', 16)),
    );
  }

  function drawSpeaker() {
    const members = chat()?.members;
    speaking.hidden = !members;
    if (!members) return;
    if (!members.some(({ phone }) => phone === state.member)) state.member = members[0]?.phone;
    speaker.replaceChildren(
      ...members.map(({ phone, name }) =>
        h('option', { value: phone, selected: phone === state.member }, `Write as ${name}`),
      ),
    );
  }

  function speakAs(phone) {
    state.member = phone;
    tell('member');
  }

  function fit() {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
    send.disabled = !text.value.trim();
  }
}

function AttachMenu() {
  const list = h('div.attach', {
    hidden: true,
    id: 'attach',
    role: 'menu',
    'aria-label': 'Send something else',
    onkeydown: onKey,
  });
  const button = h(
    'button.icon-btn.attach-btn',
    {
      type: 'button',
      'aria-label': 'Send something else',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-controls': 'attach',
      onclick: () => toggle(),
    },
    icon('plus', 20),
  );
  document.addEventListener(
    'pointerdown',
    ({ target }) => !list.contains(target) && !button.contains(target) && toggle(false),
  );
  return { button, list };

  function toggle(open = list.hidden) {
    if (open) list.replaceChildren(...items());
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) list.querySelector('button')?.focus();
  }

  function items() {
    const { features = {} } = account() ?? {};
    return samples
      .filter(([, , , needs]) => !needs || features[needs])
      .map(([name, label, event]) =>
        h('button', { type: 'button', role: 'menuitem', onclick: () => sendSample(event) }, icon(name, 18), label),
      );
  }

  async function sendSample(event) {
    toggle(false);
    button.focus();
    const replyTo = state.replyTo?.id;
    state.replyTo = undefined;
    tell('composer');
    await receive({ ...event, replyTo });
    if (event.kind === 'call') toast('The business sees a call');
  }

  function onKey(event) {
    const buttons = [...list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === 'Escape') {
      toggle(false);
      button.focus();
    } else if (next !== undefined) {
      event.preventDefault();
      buttons[(next + buttons.length) % buttons.length]?.focus();
    }
  }
}

/** Tells that the customer types, where the channel has that, without a call for every key. */
function TypingTeller() {
  let toldAt = 0;
  let ending;
  const report = (how) =>
    account()?.features.typing &&
    chat() &&
    !chat().isNew &&
    receive({ kind: 'typing', state: how, person: undefined }).catch(() => undefined);
  return {
    note() {
      clearTimeout(ending);
      ending = setTimeout(() => this.stop(), TYPING_ENDS_MS);
      if (Date.now() - toldAt < TYPING_EVERY_MS) return;
      toldAt = Date.now();
      report('composing');
    },
    stop() {
      clearTimeout(ending);
      if (toldAt) report('available');
      toldAt = 0;
    },
  };
}
