import { useEffect } from "react";
import { CircleAlert, Info, TriangleAlert, X } from "lucide-react";
import { NewsToasts } from "../news/news-toasts";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { useApp, type Toast } from "../state/app";
import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert };
const STAY: Record<Toast["level"], number> = { info: 6000, warning: 12_000, error: Infinity };

/** What went wrong or was done, in a corner; errors stay until somebody has seen them. */
export function Toasts() {
  const app = useApp();
  const toasts = useStore(app.toasts);
  return (
    <section className="toasts" aria-label={m.page_notices()}>
      <NewsToasts />
      {toasts.map((toast) => (
        <ToastView key={toast.key} toast={toast} />
      ))}
    </section>
  );
}

function ToastView({ toast }: { toast: Toast }) {
  const app = useApp();
  const hole = useHole<HTMLDivElement>();
  const Icon = ICONS[toast.level];
  useEffect(() => {
    if (!Number.isFinite(STAY[toast.level])) return;
    const timer = setTimeout(() => app.dismiss(toast.key), STAY[toast.level]);
    return () => clearTimeout(timer);
  }, [app, toast]);
  return (
    <div ref={hole} className="toast" data-level={toast.level} role={toast.level === "error" ? "alert" : "status"}>
      <Icon aria-hidden="true" className="toast-icon" />
      <div className="toast-words">
        <p className="toast-title">{toast.title}</p>
        {toast.detail ? <p className="toast-detail">{toast.detail}</p> : null}
      </div>
      <IconButton label={m.page_dismiss()} onPress={() => app.dismiss(toast.key)}>
        <X />
      </IconButton>
    </div>
  );
}
