// What people keep of a wall, and tours through it: a button in the bar, and the dialogs that belong to it.

import { useState } from "react";
import { Button, Dialog, DialogTrigger } from "react-aria-components";
import { Bookmark, ChevronDown } from "lucide-react";
import type { SavedLayout, Tour } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { Question } from "../parts/question";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";
import { NameDialog } from "./name-dialog";
import { SavedList } from "./saved-list";
import { TourDialog } from "./tour-dialog";
import { toursThrough } from "./tour-stops";

export type Intent =
  | { kind: "save" }
  | { kind: "rename"; layout: SavedLayout }
  | { kind: "remove_layout"; layout: SavedLayout }
  | { kind: "tour"; tour: Tour | null }
  | { kind: "remove_tour"; tour: Tour };

export function SavedLayouts({ narrow }: { narrow: boolean }) {
  const [open, setOpen] = useState(false);
  const [intent, setIntent] = useState<Intent | null>(null);
  const intend = (next: Intent) => {
    setOpen(false);
    setIntent(next);
  };
  return (
    <>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <Button className="text-button" id="saved-menu" aria-label={m.page_saved()}>
          <Bookmark />
          {narrow ? null : <span className="saved-name">{m.page_saved()}</span>}
          <ChevronDown className="chevron" />
        </Button>
        <CoveringPopover>
          <Dialog aria-label={m.page_saved()}>
            <SavedList onIntend={intend} onDone={() => setOpen(false)} />
          </Dialog>
        </CoveringPopover>
      </DialogTrigger>
      {intent ? <IntentDialog intent={intent} onClose={() => setIntent(null)} /> : null}
    </>
  );
}

function IntentDialog({ intent, onClose }: { intent: Intent; onClose: () => void }) {
  const app = useApp();
  const saved = useStore(app.saved);
  switch (intent.kind) {
    case "save":
      return (
        <NameDialog
          title={m.page_saved_save()}
          name=""
          shared={false}
          onKeep={(name, shared) => app.backend.saveLayout(app.wall().id, name, shared)}
          onClose={onClose}
        />
      );
    case "rename":
      return (
        <NameDialog
          title={m.page_saved_rename()}
          name={intent.layout.name}
          shared={intent.layout.shared}
          onKeep={(name, shared) => app.backend.renameLayout(intent.layout.id, name, shared)}
          onClose={onClose}
        />
      );
    case "tour":
      return <TourDialog tour={intent.tour} onClose={onClose} />;
    case "remove_layout": {
      const tours = toursThrough(saved, intent.layout.id);
      const name = isolated(intent.layout.name);
      return (
        <Question
          title={m.page_saved_remove()}
          yes={m.page_saved_remove()}
          onYes={() => app.run(app.backend.removeLayout(intent.layout.id))}
          onClose={onClose}
        >
          {tours.length === 0
            ? m.page_saved_remove_text({ name })
            : m.page_saved_remove_toured({ name, tours: tours.map(isolated).join(", ") })}
        </Question>
      );
    }
    case "remove_tour":
      return (
        <Question
          title={m.page_tour_remove()}
          yes={m.page_tour_remove()}
          onYes={() => app.run(app.backend.removeTour(intent.tour.id))}
          onClose={onClose}
        >
          {m.page_saved_remove_text({ name: isolated(intent.tour.name) })}
        </Question>
      );
  }
}
