import { h, icon } from './dom.js';
import { account, call, accountPath, loadChats, openChat, startChat, state } from './state.js';

/** Asks for a number and a name, or for a group's, and opens the chat. */
export function newCustomer() {
  const sheet = document.querySelector('#sheet');
  const kinds = account()?.features.groups ? Kinds() : undefined;
  const person = Fields(
    [
      'phone',
      'Phone number',
      {
        type: 'tel',
        placeholder: '+1 555 301 0143',
        required: true,
        pattern: '\\+?[0-9 ()\\-]{7,20}',
        value: freeNumber(),
      },
    ],
    ['name', 'Name', { placeholder: 'Rita Alves' }],
  );
  const group = Fields(
    ['subject', 'Name of the group', { placeholder: 'Depot crew' }],
    ['member', 'Your number in it', { type: 'tel', value: freeNumber() }],
    ['memberName', 'Your name', { placeholder: 'Rita Alves' }],
  );
  group.hidden = true;
  const form = h(
    'form.sheet',
    { method: 'dialog', onsubmit: submit },
    h(
      'header',
      {},
      h('h2', { id: 'sheet-title' }, 'New customer'),
      h('button.icon-btn', { type: 'button', 'aria-label': 'Close', onclick: () => sheet.close() }, icon('close', 18)),
    ),
    kinds,
    person,
    group,
    h(
      'footer',
      {},
      h('button.btn.btn-line', { type: 'button', onclick: () => sheet.close() }, 'Cancel'),
      h('button.btn.btn-primary', { type: 'submit' }, 'Open chat'),
    ),
  );
  kinds?.addEventListener('change', () => {
    const isGroup = new FormData(form).get('kind') === 'group';
    [person.hidden, group.hidden] = [isGroup, !isGroup];
    form.elements.phone.required = !isGroup;
    form.elements.subject.required = form.elements.member.required = isGroup;
  });
  sheet.replaceChildren(form);
  sheet.showModal();

  async function submit(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    sheet.close();
    if (given.kind === 'group') return startGroup(given);
    await startChat(given.phone, given.name.trim());
    document.querySelector('.composer textarea')?.focus();
  }
}

/** A group is there once somebody wrote in it. */
async function startGroup({ subject, member, memberName }) {
  const before = new Set(state.chats.keys());
  await call('POST', `/control/${accountPath()}/receive`, {
    group: subject,
    from: member,
    name: memberName || undefined,
    text: 'Hello everybody',
    person: true,
  });
  await loadChats();
  await openChat([...state.chats.keys()].find((key) => !before.has(key)));
}

function Kinds() {
  const option = (value, label, checked) =>
    h('label', {}, h('input', { type: 'radio', name: 'kind', value, checked }), h('span', {}, label));
  return h(
    'fieldset.seg',
    {},
    h('legend.sr', {}, 'What to make'),
    option('person', 'Person', true),
    option('group', 'Group', false),
  );
}

function Fields(...fields) {
  return h(
    'div.fields',
    {},
    fields.map(([name, label, props]) =>
      h('label.field', {}, h('span', {}, label), h('input.input', { name, autocomplete: 'off', ...props })),
    ),
  );
}

/** Outside the range in which the providers' own test numbers act. */
const freeNumber = () =>
  `+1555${2 + Math.floor(Math.random() * 8)}${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`;
