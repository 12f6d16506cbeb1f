// Accounts as the table shows them: what is searched in them, and in which order.

import type { Account, Language } from "../ipc/wire";
import { fold } from "../search/fold";
import { inOrder } from "../words/times";

export type Column = "account" | "name" | "role" | "scope" | "state" | "last_sign_in";
export type Sorting = { column: Column; descending: boolean };
export type State = "disabled" | "locked" | "must_change" | "second_factor" | "must_enrol" | "from_inventory";

export function statesOf(account: Account, now: number): State[] {
  const states: State[] = [];
  if (account.disabled) states.push("disabled");
  if (account.locked_until !== null && account.locked_until > now) states.push("locked");
  if (account.must_change) states.push("must_change");
  if (account.second_factor) states.push("second_factor");
  else if (account.second_factor_required) states.push("must_enrol");
  if (account.from_inventory) states.push("from_inventory");
  return states;
}

/** What a row says in words. */
export type Told = { account: Account; role: string; scope: string; is: State[]; states: string[] };

/** All words of the query, anywhere in the row, without regard to marks. */
export function found(rows: Told[], query: string): Told[] {
  const words = fold(query).split(" ").filter(Boolean);
  return rows.filter(({ account, role, scope, states }) => {
    const text = fold([account.account, account.name, role, scope, ...states].join(" "));
    return words.every((word) => text.includes(word));
  });
}

export function sorted(rows: Told[], { column, descending }: Sorting, language: Language): Told[] {
  const key = (row: Told): string | number => {
    switch (column) {
      case "account":
        return row.account.account;
      case "name":
        return row.account.name;
      case "role":
        return row.role;
      case "scope":
        return row.scope;
      case "state":
        return row.states.length === 0 ? "" : row.states.join(" ");
      case "last_sign_in":
        return row.account.last_sign_in ?? 0;
    }
  };
  const compare = (a: Told, b: Told) => {
    const [one, other] = [key(a), key(b)];
    const order = typeof one === "number" && typeof other === "number" ? one - other : inOrder(String(one), String(other), language);
    return (descending ? -order : order) || inOrder(a.account.account, b.account.account, language);
  };
  return [...rows].sort(compare);
}
