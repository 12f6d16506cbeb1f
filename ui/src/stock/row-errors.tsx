import type { ImportPreview } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { whole } from "../words/numbers";
import { errorsAsText } from "./errors-text";

/** What is wrong, row by row, as the spreadsheet counts them. */
export function RowErrors({ preview }: { preview: ImportPreview }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const { errors, error_count } = preview;
  const headings = [m.page_import_row(), m.page_import_column(), m.page_import_value(), m.page_import_fix()];
  return (
    <section className="row-errors" aria-labelledby="row-errors-title">
      <header>
        <h3 id="row-errors-title">{m.page_import_errors({ count: whole(error_count, language) })}</h3>
        <CopyButton text={() => errorsAsText(headings, errors)} label={m.page_import_copy_errors()} />
      </header>
      <div className="table-box" tabIndex={0} role="region" aria-labelledby="row-errors-title">
        <table>
          <thead>
            <tr>
              {headings.map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {errors.map((error, index) => (
              <tr key={index}>
                <td className="number">{error.row ?? m.page_import_whole_file()}</td>
                <td>
                  <bdi>{error.column || m.page_import_whole_row()}</bdi>
                </td>
                <td className="row-value">
                  <bdi>{error.value}</bdi>
                </td>
                <td>{error.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {error_count > errors.length ? (
        <p className="quiet">{m.page_import_more_errors({ count: whole(error_count - errors.length, language) })}</p>
      ) : null}
    </section>
  );
}
