import { Component, useEffect, useState, type ReactNode } from "react";
import { Button, I18nProvider } from "react-aria-components";
import { CloseDialog } from "./dialogs/close";
import { HelpDialog } from "./dialogs/help";
import { useDrag } from "./drag/context";
import { DragLabel } from "./drag/drag-label";
import type { Notice } from "./ipc/wire";
import { listenToKeys } from "./page-keys";
import { m } from "./paraglide/messages.js";
import { Sidebar } from "./sidebar/sidebar";
import { useApp } from "./state/app";
import { useStore } from "./state/store";
import { StatusLine } from "./status/status-line";
import { Toasts } from "./status/toasts";
import { TopBar } from "./topbar/top-bar";
import { Stage } from "./wall/stage";
import { locale } from "./words/numbers";

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
        {loaded === "ready" ? <Console /> : loaded === "loading" ? <Loading /> : <Failed notice={loaded} />}
        <Toasts />
        <OpenDialog />
      </Unbroken>
    </I18nProvider>
  );
}

function Console() {
  const app = useApp();
  const view = useStore(app.view);
  const dragging = useStore(useDrag().drag, (drag) => drag !== null);
  useEffect(() => listenToKeys(app), [app]);
  return (
    <div className="page" data-full={view.full || undefined} data-dragging={dragging || undefined}>
      {view.full ? null : <TopBar />}
      <Sidebar shown={view.sidebar && !view.full} />
      <Stage />
      {view.full ? null : <StatusLine />}
      <DragLabel />
    </div>
  );
}

/** Also while the page could not be loaded: its window can be closed all the same. */
function OpenDialog() {
  const dialog = useStore(useApp().view, (view) => view.dialog);
  if (dialog === "help") return <HelpDialog />;
  return dialog === "close" ? <CloseDialog /> : null;
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
