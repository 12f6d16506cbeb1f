// Who did what: searched, read, verified and handed out.

import { useState } from "react";
import { Button, Menu, MenuTrigger, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { ChevronDown, Download, ShieldCheck } from "lucide-react";
import type { RecordFilter, RecordFormat } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { MenuEntry } from "../parts/menu";
import { useApp } from "../state/app";
import { Frame } from "../workspaces/frame";
import { Filters } from "./filters";
import { NO_FILTER, spanned } from "./filter";
import { LedgerTable } from "./ledger-table";
import { RecordsTable } from "./records-table";
import { VerifyDialog } from "./verify-dialog";

type Tab = "records" | "ledger";

export function RecordsView() {
  const [tab, setTab] = useState<Tab>("records");
  const [filter, setFilter] = useState<RecordFilter>(() => spanned(NO_FILTER, "today", Date.now()));
  const [verifying, setVerifying] = useState(false);
  return (
    <Frame
      workspace="records"
      actions={
        <>
          <Button className="button button-small" onPress={() => setVerifying(true)}>
            <ShieldCheck />
            {m.page_verify()}
          </Button>
          <Export filter={filter} />
        </>
      }
    >
      <div className="pane">
        <div className="pane-bar pane-tabs">
          <ToggleButtonGroup
            className="tabs"
            aria-label={m.page_work_records()}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[tab]}
            onSelectionChange={(keys) => setTab([...keys][0] as Tab)}
          >
            <ToggleButton id="records" className="tab">
              {m.page_records_tab()}
            </ToggleButton>
            <ToggleButton id="ledger" className="tab">
              {m.page_ledger_tab()}
            </ToggleButton>
          </ToggleButtonGroup>
        </div>
        <Filters filter={filter} kinds={tab === "records"} onChange={setFilter} />
        {tab === "records" ? <RecordsTable filter={filter} /> : <LedgerTable filter={filter} />}
      </div>
      {verifying ? <VerifyDialog onClose={() => setVerifying(false)} /> : null}
    </Frame>
  );
}

/** What the filter leaves, as a file. */
function Export({ filter }: { filter: RecordFilter }) {
  const app = useApp();
  const write = (format: RecordFormat) =>
    app.run(
      app.backend
        .exportRecords(filter, format)
        .then(({ path }) => app.notify({ level: "info", title: m.page_records_exported(), detail: path })),
    );
  return (
    <MenuTrigger>
      <Button className="button button-small">
        <Download />
        {m.page_export()}
        <ChevronDown className="chevron" />
      </Button>
      <CoveringPopover placement="bottom end">
        <Menu className="menu" aria-label={m.page_export()}>
          <MenuEntry label={m.page_export_json_lines()} onAction={() => write("json_lines")} />
          <MenuEntry label={m.page_export_syslog()} onAction={() => write("syslog")} />
        </Menu>
      </CoveringPopover>
    </MenuTrigger>
  );
}
