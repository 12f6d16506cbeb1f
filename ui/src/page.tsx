import { Component, useEffect, useState, type ReactNode } from "react";
import { Button, I18nProvider } from "react-aria-components";
import type { Notice } from "./ipc/wire";
import { m } from "./paraglide/messages.js";
import { later, Part } from "./parts/later";
import { Gate } from "./session/gate";
import { useApp } from "./state/app";
import { useStore } from "./state/store";
import { Toasts } from "./status/toasts";
import { locale } from "./words/numbers";

/** Faster than this, a skeleton would only flicker. */
const SKELETON_AFTER = 300;

const CONSOLE = later(async () => (await import("./console")).Console);
const DIALOGS = later(async () => (await import("./dialogs/open-dialog")).OpenDialog);

/** Everything beside the sign-in is on its way while that is drawn. */
export function loadRest(): void {
  CONSOLE.load();
  DIALOGS.load();
}

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
          <Gate>{loaded === "ready" ? <Part of={CONSOLE} meanwhile={<Loading />} /> : <Loading />}</Gate>
        )}
        <Toasts />
        <Part of={DIALOGS} />
      </Unbroken>
    </I18nProvider>
  );
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
