import type { Sent, SimulatedAccount } from './simulator';

const firstNames = ['Rita', 'Hassan', 'Chloe', 'Marta', 'Bruno', 'Priya', 'Ioana', 'Kenji', 'Salma', 'Otto'];

/** Somebody who writes to an account of the demo, from a number of their own. */
export class Customer {
  constructor(
    readonly account: SimulatedAccount,
    readonly phone: string,
    readonly name: string,
  ) {}

  /** They write. `more` says how and when, in the words of the simulator. */
  write(text: string, more: Record<string, unknown> = {}): Promise<{ externalId: string }> {
    return this.account.receive({ from: this.phone, name: this.name, text, ...more });
  }

  /** Their phone says nothing of the next messages of ours: how far each got is told with `receive` alone. */
  tellsNothingOf(times: number): Promise<unknown> {
    return this.account.setFaults([{ kind: 'never-ack', to: this.phone, times }]);
  }

  /** What of ours reached them, oldest first. */
  received(): Promise<Sent[]> {
    return this.account.sentTo(this.phone);
  }
}

/** A number outside the range in which the providers' test numbers act, and a name that nobody else in the demo has. */
export function newCustomer(account: SimulatedAccount): Customer {
  const digits = String(Math.floor(Math.random() * 1e6)).padStart(6, '0');
  const first = firstNames[Math.floor(Math.random() * firstNames.length)] ?? 'Rita';
  return new Customer(account, `+15557${digits}`, `${first} ${initials(digits)}`);
}

/** Six digits as a surname: letters alone, so that no test mistakes it for a count or a time. */
function initials(digits: string): string {
  const letters = [...digits].map((digit) => 'abdefiklmo'[Number(digit)]).join('');
  return letters.charAt(0).toUpperCase() + letters.slice(1);
}
