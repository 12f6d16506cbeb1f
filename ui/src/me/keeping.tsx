import { Button } from "react-aria-components";
import { KeyRound } from "lucide-react";
import type { Logins } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";

/** Where logins are kept. Without a keychain nothing is kept until the person has read what a file means and agreed. */
export function Keeping({ logins, onChanged }: { logins: Logins; onChanged: () => void }) {
  const app = useApp();
  if (logins.keeping === "keychain") {
    return (
      <p className="keeping">
        <KeyRound aria-hidden="true" />
        {m.page_keeping_keychain()}
      </p>
    );
  }
  if (logins.keeping === "password_file") {
    return <InlineNotice notice={{ level: "info", title: m.page_keeping_file(), detail: m.page_keeping_file_text() }} />;
  }
  return (
    <div className="form keeping-choice">
      <InlineNotice notice={{ level: "warning", title: m.page_keeping_none(), detail: logins.why }} />
      <p>{m.page_keeping_meaning()}</p>
      <div className="form-row">
        <Button
          className="button"
          onPress={() => app.run(app.backend.keepLogins("password_file").then(onChanged))}
        >
          {m.page_keeping_agree()}
        </Button>
      </div>
    </div>
  );
}
