// Who may use the console, as what and where.

import { useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { UserPlus } from "lucide-react";
import type { Account } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { PaneSearch } from "../parts/pane-search";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { accounts as counted } from "../words/counts";
import { Frame } from "../workspaces/frame";
import { AccountDialog } from "./account-dialog";
import { AccountsTable } from "./accounts-table";
import { DisableDialog, ResetDialog } from "./small-dialogs";
import { found, sorted, type Sorting } from "./rows";
import { told } from "./words";

export type Asked = { kind: "create" } | { kind: "edit" | "reset" | "disable"; account: Account };

export function AccountsView() {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  const [loaded, reload] = useAccounts();
  const [query, setQuery] = useState("");
  const [sorting, setSorting] = useState<Sorting>({ column: "name", descending: false });
  const [asked, setAsked] = useState<Asked | null>(null);
  const rows = useMemo(() => {
    if (!loaded) return [];
    const all = loaded.accounts.map((account) => told(account, inventory, language, loaded.at));
    return sorted(found(all, query), sorting, language);
  }, [loaded, inventory, language, query, sorting]);

  const shut = (changed: boolean) => {
    setAsked(null);
    if (changed) reload();
  };
  const change = (request: Promise<void>) => app.run(request.then(reload));

  return (
    <Frame
      workspace="accounts"
      actions={
        <Button className="button button-primary button-small" onPress={() => setAsked({ kind: "create" })}>
          <UserPlus />
          {m.page_accounts_new()}
        </Button>
      }
    >
      <div className="pane">
        <div className="pane-bar">
          <PaneSearch label={m.page_accounts_search()} value={query} onChange={setQuery} />
          <span className="quiet" role="status">
            {loaded ? counted(rows.length) : ""}
          </span>
        </div>
        <AccountsTable
          rows={rows}
          empty={loaded !== null}
          sorting={sorting}
          onSort={setSorting}
          onAsk={setAsked}
          onEnable={({ account }) => change(app.backend.setAccountDisabled(account, false))}
          onRelease={({ account }) => change(app.backend.releaseAccount(account))}
        />
      </div>
      {asked?.kind === "create" ? <AccountDialog account={null} onClose={shut} /> : null}
      {asked?.kind === "edit" ? <AccountDialog account={asked.account} onClose={shut} /> : null}
      {asked?.kind === "reset" ? <ResetDialog account={asked.account} onClose={shut} /> : null}
      {asked?.kind === "disable" ? <DisableDialog account={asked.account} onClose={shut} /> : null}
    </Frame>
  );
}

type Loaded = { accounts: Account[]; at: number };

/** Null until they are there. */
function useAccounts(): [Loaded | null, () => void] {
  const app = useApp();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    app.backend.accounts().then((accounts) => wanted && setLoaded({ accounts, at: Date.now() }), app.refused);
    return () => {
      wanted = false;
    };
  }, [app, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  return [loaded, reload];
}
