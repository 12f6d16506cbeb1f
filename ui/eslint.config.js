import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Words that people read stand in ../messages and nowhere else; a text in markup is one that was forgotten.
const LITERAL_TEXT = {
  selector: "JSXText[value=/\\p{L}/u]",
  message: "Words that people read belong into messages/{vi,en}.json.",
};
const LITERAL_ATTRIBUTE = {
  selector:
    "JSXAttribute[name.name=/^(aria-label|aria-description|title|placeholder|alt|label|heading)$/] > Literal[value=/\\p{L}/u]",
  message: LITERAL_TEXT.message,
};

export default tseslint.config(
  { ignores: ["dist", "dist-fake", "src/paraglide", "node_modules", "public"] },
  ...tseslint.configs.strict,
  hooks.configs.flat.recommended,
  {
    rules: {
      "no-restricted-syntax": ["error", LITERAL_TEXT, LITERAL_ATTRIBUTE],
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@tauri-apps/*"], message: "Only src/ipc/tauri.ts speaks to Tauri." }] },
      ],
      "@typescript-eslint/no-unused-expressions": ["error", { allowTernary: true, allowShortCircuit: true }],
    },
  },
  { files: ["src/ipc/tauri.ts"], rules: { "no-restricted-imports": "off" } },
);
