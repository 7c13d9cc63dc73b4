import { toast } from './dom.js';

/** What the page knows. Views read it and draw themselves anew when it says what changed. */
export const state = {
  accounts: [],
  /** Key of the account that is shown, and of the chat that is open in it. */
  account: undefined,
  chat: undefined,
  chats: new Map(),
  messages: [],
  /** Chats in which somebody at the business types. */
  typing: new Set(),
  search: '',
  replyTo: undefined,
  editing: undefined,
  /** In a group: who of its members we are. */
  member: undefined,
  client: undefined,
  online: true,
};

const listeners = new Map();

/** Topics: accounts, chats, chat (another one is open), messages, message, typing, composer, member, online. */
export function on(topics, listener) {
  for (const topic of topics.split(' ')) listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const account = () => state.accounts.find(({ key }) => key === state.account);
export const chat = () => state.chats.get(state.chat);

/** A call to the simulator. What it refuses is shown, and thrown. */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : undefined;
  if (response.ok) return answer;
  const problem = answer?.error ?? `The simulator answered ${response.status}`;
  toast(typeof problem === 'string' ? problem : 'That did not work');
  throw new Error(problem);
}

export async function loadAccounts() {
  state.accounts = await call('GET', '/phone/accounts');
  tell('accounts');
}

export async function openAccount(key, chatKey) {
  if (!state.accounts.some((each) => each.key === key)) return;
  state.account = key;
  state.chat = undefined;
  state.messages = [];
  localStorage.setItem('account', key);
  await loadChats();
  tell('accounts');
  await openChat(chatKey);
}

export async function loadChats() {
  const wanted = state.account;
  const chats = await call('GET', `/phone/${wanted}/chats`);
  if (wanted !== state.account) return;
  const started = [...state.chats.values()].filter(
    (each) => each.isNew && each.account === wanted && !chats.some(({ key }) => key === each.key),
  );
  state.chats = new Map([...chats, ...started].map((each) => [each.key, each]));
  tell('chats');
}

/** Opens a chat of the account; `undefined` closes the one that is open. */
export async function openChat(key) {
  state.chat = key && state.chats.has(key) ? key : undefined;
  Object.assign(state, { replyTo: undefined, editing: undefined, member: chat()?.members?.[0]?.phone, messages: [] });
  const hash = state.chat ? `#${state.account}/${encodeURIComponent(state.chat)}` : `#${state.account ?? ''}`;
  if (location.hash !== hash) history.replaceState(null, '', hash);
  tell('chat');
  showView();
  await loadMessages();
}

/** What happened to messages while they were being fetched: newer than what the answer says. */
let changedMeanwhile = new Map();

export async function loadMessages() {
  const current = chat();
  if (!current || current.isNew) return tell('messages');
  const changed = (changedMeanwhile = new Map());
  const messages = await call('GET', `/phone/${state.account}/messages?chat=${encodeURIComponent(current.key)}`);
  if (state.chat !== current.key || changed !== changedMeanwhile) return;
  state.messages = [...messages.filter(({ id }) => !changed.has(id)), ...changed.values()].sort((a, b) => a.at - b.at);
  tell('messages');
}

/** Something happened to a message of the open chat. */
export function keepMessage(changed) {
  changedMeanwhile.set(changed.id, changed);
  const at = state.messages.findIndex(({ id }) => id === changed.id);
  const after = state.messages.findIndex((each) => each.at > changed.at);
  if (at >= 0) state.messages[at] = changed;
  else if (after < 0) state.messages.push(changed);
  else state.messages.splice(after, 0, changed);
  tell('message', changed);
}

/** Starts a chat that nobody wrote in yet: it exists for the simulator once the customer writes. */
export function startChat(phone, name) {
  const digits = phone.replace(/\D/g, '');
  const known = [...state.chats.values()].find((each) => each.key === digits || each.phone === `+${digits}`);
  if (!known)
    state.chats.set(digits, {
      account: state.account,
      key: digits,
      name: name || `+${digits}`,
      given: name,
      phone: `+${digits}`,
      lastAt: Date.now(),
      answers: 0,
      isNew: true,
    });
  tell('chats');
  return openChat(known?.key ?? digits);
}

/** Tells the simulator which chat is in front of somebody's eyes: what arrives there is read at once. */
export function showView() {
  if (!state.client) return;
  const visible = document.visibilityState === 'visible' && state.chat;
  const view = visible ? { account: state.account, chat: state.chat } : {};
  call('PUT', '/phone/view', { client: state.client, ...view }).catch(() => undefined);
}

/** What the customer does, in the open chat. */
export function receive(event) {
  const current = chat();
  if (!current) return Promise.resolve();
  const who = current.members
    ? { group: current.key, from: state.member }
    : { from: current.phone ?? current.key, name: current.given };
  return call('POST', `/control/${accountPath()}/receive`, { ...who, person: true, ...event });
}

/** `provider/accounts/ref`, as the control API spells it. */
export function accountPath() {
  const [provider, ref] = state.account.split('/');
  return `${provider}/accounts/${ref}`;
}
