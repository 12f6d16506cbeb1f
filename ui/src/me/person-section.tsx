import type { Person } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Section } from "../parts/section";
import { scopeInWords } from "../accounts/words";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { roleMay, roleName } from "../words/roles";

/** Who they are here, and what they may. */
export function PersonSection({ person }: { person: Person }) {
  const inventory = useStore(useApp().inventory);
  return (
    <Section title={person.name}>
      <dl className="facts">
        <div>
          <dt>{m.page_account()}</dt>
          <dd>
            <bdi>{person.account}</bdi>
          </dd>
        </div>
        <div>
          <dt>{m.page_role()}</dt>
          <dd>
            {roleName(person.role)}
            <span className="facts-more">{roleMay(person.role)}</span>
          </dd>
        </div>
        <div>
          <dt>{m.page_scope()}</dt>
          <dd>
            <bdi>{scopeInWords(person.scope, inventory)}</bdi>
          </dd>
        </div>
      </dl>
    </Section>
  );
}
