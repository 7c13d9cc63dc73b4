import {
  keepMessage,
  loadAccounts,
  loadChats,
  loadMessages,
  openAccount,
  openChat,
  showView,
  state,
  tell,
} from './state.js';

/** Follows everything that happens, as it happens; after a gap it fetches anew. */
export function follow() {
  const source = new EventSource('/phone/events');
  source.onmessage = ({ data }) => apply(JSON.parse(data));
  source.onerror = () => {
    state.online = false;
    tell('online');
  };
  document.addEventListener('visibilitychange', showView);
}

function apply(event) {
  switch (event.type) {
    case 'hello':
      return hello(event);
    case 'reset':
      return openAccount(state.account);
    case 'account':
      return reloadAccounts();
    case 'typing':
      return typing(event);
    case 'chat':
      return event.account === state.account && keepChat(event.chat);
    case 'message':
      return message(event);
  }
}

async function hello({ client }) {
  const wasAway = !state.online;
  Object.assign(state, { client, online: true });
  tell('online');
  showView();
  if (!wasAway) return;
  await loadAccounts();
  await loadChats();
  await loadMessages();
}

let reloading;

/** Accounts change in bursts: a log-out is three events. */
function reloadAccounts() {
  clearTimeout(reloading);
  reloading = setTimeout(async () => {
    await loadAccounts();
    if (!state.accounts.some(({ key }) => key === state.account)) await openAccount(state.accounts[0]?.key);
  }, 100);
}

function typing({ account, chat, typing: on }) {
  const key = `${account} ${chat}`;
  if (on) state.typing.add(key);
  else state.typing.delete(key);
  tell('typing');
}

function keepChat(chat) {
  state.chats.set(chat.key, chat);
  tell('chats');
}

function message({ account, chat, message: changed }) {
  if (account !== state.account) return;
  const isFirst = state.chats.get(chat.key)?.isNew;
  keepChat(chat);
  if (chat.key !== state.chat) return;
  if (isFirst) void openChat(chat.key);
  keepMessage(changed);
}
