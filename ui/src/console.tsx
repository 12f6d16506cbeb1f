// What somebody works with who has signed in: the rail, and one of the workspaces.

import { useEffect, useLayoutEffect } from "react";
import { useDrag } from "./drag/context";
import { DragLabel } from "./drag/drag-label";
import { listenToKeys } from "./page-keys";
import { Part } from "./parts/later";
import { NARROW, useMedia } from "./parts/media";
import { useIdleReport } from "./session/idle";
import { LockedBar, LockPanel } from "./session/lock-panel";
import { Sidebar } from "./sidebar/sidebar";
import { followSelection } from "./sound/listening";
import { useApp } from "./state/app";
import { useStore } from "./state/store";
import { StatusLine } from "./status/status-line";
import { TopBar } from "./topbar/top-bar";
import { Stage } from "./wall/stage";
import { Rail } from "./workspaces/rail";
import { loadOffered, SHOWN } from "./workspaces/shown";
import { mayOpen } from "./workspaces/workspaces";

/** Under a lock the wall stays where it is; everything else is out of reach, and no menu stays open. */
export function Console() {
  const app = useApp();
  const view = useStore(app.view);
  const session = useStore(app.session);
  const locked = session?.state === "locked";
  const dragging = useStore(useDrag().drag, (drag) => drag !== null);
  // Whoever sees the page may already type.
  useLayoutEffect(() => (locked ? undefined : listenToKeys(app)), [app, locked]);
  useIdleReport(!locked);
  useEffect(() => (locked ? undefined : followSelection(app)), [app, locked]);
  const person = session?.person ?? null;
  useEffect(() => loadOffered(person), [person]);
  const workspace = locked && mayOpen(session.person, "wall") ? "wall" : view.workspace;
  const shown = SHOWN[workspace];
  const wall = workspace === "wall";
  const narrow = useMedia(NARROW);
  const side = wall && view.sidebar && !view.full && !(narrow && locked);
  return (
    <div className="page" data-workspace={workspace} data-full={(wall && view.full) || undefined} data-dragging={dragging || undefined}>
      <div className="page-parts" inert={locked}>
        {view.full && wall ? null : <Rail />}
        <Sidebar shown={side} />
        {wall && !view.full ? locked ? <LockedBar /> : <TopBar /> : null}
        {wall ? <Stage key={locked ? "locked" : "open"} /> : null}
        {shown && !wall && !locked ? <Part key={`${workspace} ${person?.account}`} of={shown} /> : null}
        {(view.full && wall) || !mayOpen(person, "wall") ? null : <StatusLine />}
        <DragLabel />
      </div>
      {locked ? <LockPanel place={!wall ? "page" : side ? "side" : "corner"} /> : null}
    </div>
  );
}
