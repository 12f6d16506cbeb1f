// The inventory: what there is, where it comes from, who vouches for it; bringing in and handing out.

import { useCallback, useEffect, useState } from "react";
import type { StockState } from "../ipc/wire";
import { Enrol } from "../enrol/enrol";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { whole } from "../words/numbers";
import { Frame } from "../workspaces/frame";
import { Export } from "./export";
import { Import } from "./import";
import { Signing } from "./signing";
import { Source } from "./source";

export function InventoryView() {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const inventory = useStore(app.inventory);
  const [state, setState] = useState<StockState | null>(null);
  const reload = useCallback(() => app.backend.stockState().then(setState), [app]);
  // Whatever changed the inventory may have changed what there is to say about it.
  useEffect(() => app.run(reload()), [app, reload, inventory]);

  return (
    <Frame workspace="inventory">
      <div className="stock">
        <div className="stock-main">
          <dl className="stock-counts" aria-label={m.page_stock_counts()}>
            {state ? (
              <>
                <Count name={m.page_stock_sites()} count={whole(state.counts.sites, language)} />
                <Count name={m.page_stock_recorders()} count={whole(state.counts.recorders, language)} />
                <Count name={m.page_stock_cameras()} count={whole(state.counts.cameras, language)} />
              </>
            ) : null}
          </dl>
          <Enrol />
          <Import />
        </div>
        {state ? (
          <div className="stock-side">
            <Export />
            <Source key={state.source} state={state} onChanged={reload} />
            <Signing state={state} onChanged={reload} />
          </div>
        ) : null}
      </div>
    </Frame>
  );
}

function Count({ name, count }: { name: string; count: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{count}</dd>
    </div>
  );
}
