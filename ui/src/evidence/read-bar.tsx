// How far a package is read that is checked, sealed or released: every byte of it, which takes a while from a stick.

import { useEffect, useState } from "react";
import { ProgressBar } from "react-aria-components";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { percent } from "../words/numbers";

export function ReadBar({ path }: { path: string }) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const [share, setShare] = useState(0);
  useEffect(() => {
    const stop = app.backend.onPackageRead((read) => read.path === path && setShare(read.share));
    return () => void stop.then((stop) => stop());
  }, [app, path]);
  return (
    <div className="read-bar">
      <p role="status">{m.page_package_checking()}</p>
      <ProgressBar aria-label={m.page_package_checking()} value={share * 100}>
        <div className="progress">
          <div style={{ inlineSize: `${share * 100}%` }} />
        </div>
      </ProgressBar>
      <span className="quiet">{m.page_package_read({ percent: percent(share, language) })}</span>
    </div>
  );
}
