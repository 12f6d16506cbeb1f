import { Component, useEffect, useState, type ReactNode } from "react";
import { Button, I18nProvider } from "react-aria-components";
import { CloseDialog } from "./dialogs/close";
import { HandOverDialog } from "./dialogs/hand-over";
import { HelpDialog } from "./dialogs/help";
import { OutlookDialog } from "./dialogs/outlook";
import { useDrag } from "./drag/context";
import { DragLabel } from "./drag/drag-label";
import { SheetDialog } from "./handover/sheet-dialog";
import type { Notice } from "./ipc/wire";
import { listenToKeys } from "./page-keys";
import { m } from "./paraglide/messages.js";
import { Gate } from "./session/gate";
import { useIdleReport } from "./session/idle";
import { LockedBar, LockPanel } from "./session/lock-panel";
import { LoginDialog } from "./me/login-dialog";
import { Sidebar } from "./sidebar/sidebar";
import { NARROW, useMedia } from "./parts/media";
import { useApp, type App } from "./state/app";
import { useStore } from "./state/store";
import { StatusLine } from "./status/status-line";
import { Toasts } from "./status/toasts";
import { TopBar } from "./topbar/top-bar";
import { focusWall } from "./wall/focus";
import { Stage } from "./wall/stage";
import { locale } from "./words/numbers";
import { Rail } from "./workspaces/rail";
import { SHOWN } from "./workspaces/shown";
import { mayOpen } from "./workspaces/workspaces";

/** Faster than this, a skeleton would only flicker. */
const SKELETON_AFTER = 300;

export function Page() {
  const app = useApp();
  const loaded = useStore(app.loaded);
  // All words are asked for anew when this changes: no component below keeps any.
  const language = useStore(app.settings, (settings) => settings.language);
  return (
    <I18nProvider locale={locale(language)}>
      <Unbroken>
        {loaded !== "ready" && loaded !== "loading" ? (
          <Failed notice={loaded} />
        ) : (
          <Gate>{loaded === "ready" ? <Console /> : <Loading />}</Gate>
        )}
        <Toasts />
        <OpenDialog />
      </Unbroken>
    </I18nProvider>
  );
}

/** Under a lock the wall stays where it is; everything else is out of reach, and no menu stays open. */
function Console() {
  const app = useApp();
  const view = useStore(app.view);
  const session = useStore(app.session);
  const locked = session?.state === "locked";
  const dragging = useStore(useDrag().drag, (drag) => drag !== null);
  useEffect(() => (locked ? undefined : listenToKeys(app)), [app, locked]);
  useIdleReport(!locked);
  const workspace = locked && mayOpen(session.person, "wall") ? "wall" : view.workspace;
  const Shown = SHOWN[workspace];
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
        {Shown && !wall && !locked ? <Shown key={session?.person?.account} /> : null}
        {(view.full && wall) || !mayOpen(session?.person ?? null, "wall") ? null : <StatusLine />}
        <DragLabel />
      </div>
      {locked ? <LockPanel place={!wall ? "page" : side ? "side" : "corner"} /> : null}
    </div>
  );
}

/** Also while the page could not be loaded: its window can be closed all the same. */
function OpenDialog() {
  const app = useApp();
  const dialog = useStore(app.view, (view) => view.dialog);
  const doubt = useStore(app.outlook.doubt);
  if (doubt) return <OutlookDialog />;
  if (dialog === "help") return <HelpDialog />;
  if (dialog === "handover_sheet") return <SheetDialog />;
  if (dialog === "hand_over") return <HandOverDialog />;
  if (dialog === "close") return <CloseDialog />;
  return dialog ? <LoginDialog login={{ target: dialog.login }} onClose={() => backToWall(app)} /> : null;
}

/** The tile's menu that a dialog came from is gone, and with it where the focus would go back to. */
function backToWall(app: App): void {
  app.view.patch({ dialog: null });
  requestAnimationFrame(focusWall);
}

function Loading() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="page skeleton" role="status" aria-label={m.page_loading()}>
      <div className="top-bar" />
      <div className="sidebar">
        {Array.from({ length: 12 }, (_, index) => (
          <div key={index} className="skeleton-row" data-depth={index % 4 === 0 ? 0 : 1} />
        ))}
      </div>
      <div className="stage" />
      <div className="status" />
    </div>
  );
}

function Failed({ notice }: { notice: Notice }) {
  return (
    <main className="failed" role="alert">
      <h1>{notice.title}</h1>
      <p>{notice.detail}</p>
      <Button className="button" onPress={() => location.reload()}>
        {m.page_reload()}
      </Button>
    </main>
  );
}

/** A fault of the page leaves words and a way on instead of an empty window. */
class Unbroken extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const detail = m.page_broken_detail({ reason: String(error) });
    return <Failed notice={{ level: "error", title: m.page_broken_title(), detail }} />;
  }
}
