import { Button, Menu, MenuTrigger, Separator } from "react-aria-components";
import { Ban, CircleCheck, Ellipsis, KeyRound, LockOpen, Pencil } from "lucide-react";
import type { Account } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { IconButton } from "../parts/icon-button";
import { MenuEntry } from "../parts/menu";
import { SortableHead, type Head } from "../parts/sortable-head";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";
import { ago, exactly } from "../words/times";
import type { Asked } from "./accounts-view";
import type { Column, Sorting, State, Told } from "./rows";

type Props = {
  rows: Told[];
  /** They are there, and none is shown because none was found. */
  empty: boolean;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  onAsk: (what: Asked) => void;
  onEnable: (account: Account) => void;
  onRelease: (account: Account) => void;
};

const HEADS: Head<Column>[] = [
  { column: "name", label: m.page_person_name },
  { column: "account", label: m.page_account },
  { column: "role", label: m.page_role },
  { column: "scope", label: m.page_scope },
  { column: "state", label: m.page_state },
  { column: "last_sign_in", label: m.page_last_sign_in },
];

export function AccountsTable({ rows, empty, sorting, onSort, ...does }: Props) {
  if (empty && rows.length === 0) {
    return (
      <div className="nothing" role="status">
        <p>{m.page_accounts_none()}</p>
        <p className="nothing-hint">{m.page_nothing_found_hint()}</p>
      </div>
    );
  }
  return (
    <div className="table-scroll" role="region" aria-label={m.page_work_accounts()} tabIndex={0}>
      <table className="table">
        <SortableHead heads={HEADS} sorting={sorting} onSort={onSort} last={m.page_actions()} />
        <tbody>
          {rows.map((row) => (
            <Row key={row.account.account} row={row} {...does} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, onAsk, onEnable, onRelease }: { row: Told } & Pick<Props, "onAsk" | "onEnable" | "onRelease">) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const { account, is } = row;
  const signedIn = account.last_sign_in;
  return (
    <tr data-off={account.disabled || undefined}>
      <th scope="row">
        <Button className="link" onPress={() => onAsk({ kind: "edit", account })}>
          <bdi>{account.name}</bdi>
        </Button>
      </th>
      <td>
        <bdi>{account.account}</bdi>
      </td>
      <td>{row.role}</td>
      <td className="table-wide">
        <bdi>{row.scope}</bdi>
      </td>
      <td>
        <span className="state-chips">
          {is.map((state, index) => (
            <Chip key={state} state={state} words={row.states[index] ?? ""} />
          ))}
        </span>
      </td>
      <td title={signedIn === null ? undefined : exactly(signedIn, language)}>
        {signedIn === null ? <span className="quiet">{m.page_never()}</span> : ago(signedIn, language)}
      </td>
      <td className="table-actions">
        <MenuTrigger>
          <IconButton label={m.page_actions_of({ name: isolated(account.name) })}>
            <Ellipsis />
          </IconButton>
          <CoveringPopover placement="bottom end">
            <Menu className="menu" aria-label={m.page_actions()}>
              <MenuEntry icon={<Pencil />} label={m.page_account_edit()} onAction={() => onAsk({ kind: "edit", account })} />
              <MenuEntry icon={<KeyRound />} label={m.page_account_reset()} onAction={() => onAsk({ kind: "reset", account })} />
              {is.includes("locked") ? (
                <MenuEntry icon={<LockOpen />} label={m.page_account_release()} onAction={() => onRelease(account)} />
              ) : null}
              <Separator />
              {account.disabled ? (
                <MenuEntry icon={<CircleCheck />} label={m.page_account_enable()} onAction={() => onEnable(account)} />
              ) : (
                <MenuEntry icon={<Ban />} label={m.page_account_disable()} onAction={() => onAsk({ kind: "disable", account })} />
              )}
            </Menu>
          </CoveringPopover>
        </MenuTrigger>
      </td>
    </tr>
  );
}

const LEVELS: Record<State, string> = {
  disabled: "off",
  locked: "red",
  must_change: "amber",
  second_factor: "good",
  must_enrol: "amber",
  from_inventory: "plain",
};

function Chip({ state, words }: { state: State; words: string }) {
  return (
    <span className="state-chip" data-level={LEVELS[state]}>
      {words}
    </span>
  );
}
