// What people keep of what they have seen: incidents, bookmarks, and what was taken out.

import { useState } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { Plus, ShieldCheck } from "lucide-react";
import type { Id, Incident } from "../ipc/wire";
import { ExportsList } from "../evidence/exports-list";
import { PolicySection } from "../evidence/policy-section";
import { VerifyDialog } from "../evidence/verify-dialog";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { Frame } from "../workspaces/frame";
import { BookmarksList } from "./bookmarks-list";
import { IncidentDetail } from "./incident-detail";
import { IncidentDialog } from "./incident-dialog";
import { IncidentList } from "./incident-list";
import { SafeSection } from "./safe-section";

type Tab = "incidents" | "bookmarks" | "exports";

export function IncidentsView() {
  const app = useApp();
  const person = useStore(app.session, (session) => session?.person ?? null);
  const may = (action: "playback" | "export" | "manage_settings") => person?.may.includes(action) ?? false;
  const tabs: { id: Tab; label: string }[] = [
    ...(may("playback") ? [{ id: "incidents" as const, label: m.page_incidents() }, { id: "bookmarks" as const, label: m.page_bookmarks() }] : []),
    { id: "exports", label: m.page_exports() },
  ];
  const [chosenTab, setTab] = useState<Tab>("incidents");
  const tab = tabs.some(({ id }) => id === chosenTab) ? chosenTab : "exports";
  const [chosen, setChosen] = useState<Id | null>(null);
  const [editing, setEditing] = useState<Incident | "new" | null>(null);
  const [verifying, setVerifying] = useState<string | null>(null);
  return (
    <Frame
      workspace="incidents"
      actions={
        <>
          <Button className="button button-small" onPress={() => setVerifying("")}>
            <ShieldCheck />
            {m.page_package_verify_any()}
          </Button>
          {may("playback") ? (
            <Button className="button button-small button-primary" onPress={() => setEditing("new")}>
              <Plus />
              {m.page_incident_new()}
            </Button>
          ) : null}
        </>
      }
    >
      <div className="pane">
        <div className="pane-bar pane-tabs">
          <ToggleButtonGroup
            className="tabs"
            aria-label={m.page_work_incidents()}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[tab]}
            onSelectionChange={(keys) => setTab([...keys][0] as Tab)}
          >
            {tabs.map(({ id, label }) => (
              <ToggleButton key={id} id={id} className="tab">
                {label}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </div>
        {tab === "incidents" ? (
          <div className="incidents">
            <IncidentList chosen={chosen} onChoose={setChosen} />
            <IncidentDetail id={chosen} onEdit={setEditing} onVerify={setVerifying} />
          </div>
        ) : null}
        {tab === "bookmarks" ? <BookmarksList /> : null}
        {tab === "exports" ? (
          <div className="exports-pane">
            <ExportsList onVerify={setVerifying} />
            {may("manage_settings") ? <PolicySection /> : null}
            {may("manage_settings") ? <SafeSection /> : null}
          </div>
        ) : null}
      </div>
      {editing ? (
        <IncidentDialog
          incident={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onKept={(id) => {
            setTab("incidents");
            setChosen(id);
          }}
        />
      ) : null}
      {verifying === null ? null : <VerifyDialog path={verifying} onClose={() => setVerifying(null)} />}
    </Frame>
  );
}
