// The operator's console: finds cameras, lays them on walls, and says how they stand.
//
// It never sees a picture, an address or a password. The main window's wall is a native surface laid over `#wall`; the
// page tells it where that is and what of the page must be seen through it (surface/reporter.ts), and the pointer falls
// through it onto the page's own tiles. Walls belong to the program: the page asks for acts and shows the desk that
// comes back.
//
// The way through: ipc/backend.ts is all that both sides say to each other (tauri.ts in the program, fake/ in tests) →
// state/app.ts keeps what the page knows, first of all who works here (session/ lets nobody further) → page.tsx shows the
// sign-in, and the rest is read meanwhile → console.tsx lays out the rail and one of the workspaces/: the wall with
// sidebar/, topbar/, wall/ and status/, or another. wall/commands.ts is what can be done to a wall, whether by key, menu
// or pointer; drag/ is the pointer's way there; layout/ and search/ are plain functions. Every word comes from
// ../messages, through src/paraglide, which is made from them.

import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/sidebar.css";
import "./styles/wall.css";
import "./styles/steer.css";
import "./styles/playback.css";
import "./styles/overlays.css";
import "./styles/people.css";
import "./styles/records.css";
import "./styles/incidents.css";
import "./styles/session.css";
import "./styles/workspaces.css";
import "./styles/map.css";
import "./styles/health.css";
import "./styles/stock.css";
import "./styles/saved.css";
import "./styles/news.css";
import "./styles/settings.css";
import "./styles/sheet.css";
import { createRoot } from "react-dom/client";
import { DragController } from "./drag/drag";
import { DragProvider } from "./drag/context";
import { connect } from "./ipc/connect";
import { loadRest, Page } from "./page";
import { App, AppProvider } from "./state/app";
import { giveReactAriaWords } from "./words/react-aria";
import { SurfaceProvider, SurfaceReporter } from "./surface/reporter";

async function start(): Promise<void> {
  giveReactAriaWords();
  const backend = await connect();
  const app = new App(backend);
  const surface = new SurfaceReporter((next) => app.run(backend.setSurface(next)));
  const drag = new DragController(app);
  // The web view's own menu knows nothing of walls; text fields keep it for the clipboard.
  document.addEventListener("contextmenu", (event) => {
    if (!(event.target as Element).closest("input")) event.preventDefault();
  });
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(
    <AppProvider value={app}>
      <SurfaceProvider value={surface}>
        <DragProvider value={drag}>
          <Page />
        </DragProvider>
      </SurfaceProvider>
    </AppProvider>,
  );
  loadRest();
  await app.start();
}

void start();
