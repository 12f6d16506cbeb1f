import { Button, Menu, MenuTrigger } from "react-aria-components";
import { ChevronDown } from "lucide-react";
import type { Role } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { MenuChoice } from "../parts/menu";
import { TIGHT, useMedia } from "../parts/media";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { roleName, ROLES } from "../words/roles";

/** Nobody may take the simulated province for the real one. People look around in it as whoever they like. */
export function DemoMark() {
  const app = useApp();
  const session = useStore(app.session);
  const tight = useMedia(TIGHT);
  if (!session?.demo || !session.person) return null;
  return (
    <MenuTrigger>
      <Button className="text-button demo-mark" aria-label={m.page_demo_as({ role: roleName(session.person.role) })}>
        <span>{tight ? m.page_demo_short() : m.page_demo()}</span>
        <ChevronDown className="chevron" />
      </Button>
      <CoveringPopover>
        <Menu className="menu" aria-label={m.page_demo_role()}>
          <MenuChoice<Role>
            label={m.page_demo_role()}
            heading
            chosen={session.person.role}
            choices={ROLES.map((role) => ({ key: role, label: roleName(role) }))}
            onChoose={(role) => app.run(app.backend.playRole(role))}
          />
        </Menu>
      </CoveringPopover>
    </MenuTrigger>
  );
}
