import { useState } from "react";
import { Button } from "react-aria-components";
import type { Person } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { InlineNotice } from "../parts/inline-notice";
import { Section } from "../parts/section";
import { ChangePassword } from "../session/gate";

export function PasswordSection({ person }: { person: Person }) {
  const [state, setState] = useState<"closed" | "open" | "done">("closed");
  return (
    <Section
      title={m.page_password()}
      actions={
        state === "open" ? (
          <Button className="button button-small" onPress={() => setState("closed")}>
            {m.page_cancel()}
          </Button>
        ) : (
          <Button className="button button-small" onPress={() => setState("open")}>
            {m.page_password_change()}
          </Button>
        )
      }
    >
      {state === "done" ? <InlineNotice notice={{ level: "done", title: m.page_password_changed(), detail: "" }} /> : null}
      {state === "open" ? (
        <ChangePassword
          action={m.page_password_change()}
          secondFactor={person.second_factor}
          onDone={() => setState("done")}
        />
      ) : null}
    </Section>
  );
}
