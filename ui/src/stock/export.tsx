import { Button } from "react-aria-components";
import { Download } from "lucide-react";
import type { StockFormat } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useWork } from "../state/work";

/** Files without passwords: they may be sent on. */
export function Export() {
  const app = useApp();
  const { busy, work } = useWork();
  const save = (format: StockFormat) =>
    work(async () => {
      const { path } = await app.backend.exportStock(format);
      app.notify({ level: "info", title: m.page_stock_exported(), detail: path });
    });
  const choices: [StockFormat, string, string][] = [
    ["csv", m.page_stock_csv(), m.page_stock_csv_hint()],
    ["json", m.page_stock_json(), m.page_stock_json_hint()],
    ["signed", m.page_stock_signed(), m.page_stock_signed_hint()],
  ];
  return (
    <section aria-labelledby="export-title">
      <h2 id="export-title">{m.page_stock_export()}</h2>
      <ul className="stock-exports">
        {choices.map(([format, name, hint]) => (
          <li key={format}>
            <Button className="button" isDisabled={busy} onPress={() => save(format)}>
              <Download />
              {name}
            </Button>
            <span className="quiet">{hint}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
